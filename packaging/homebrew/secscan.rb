# Homebrew formula, from a checkout: `brew tap secscan/local CHECKOUT`, then
# `brew install --HEAD secscan/local/secscan`. A tap is a clone, and this formula
# builds the clone that it is in (HomebrewFormula there is this folder). A release in
# public gets `homepage`, `url` and `sha256` of its sources; there is none yet.
class Secscan < Formula
  desc "Find committed credentials in files and git histories"
  license "Apache-2.0"
  head "file://#{File.expand_path("../..", __dir__)}", using: :git, branch: "main"

  depends_on "cmake" => :build
  depends_on "ninja" => :build
  depends_on "pkgconf" => :build
  depends_on "tomlplusplus" => :build
  depends_on "jansson"
  depends_on "libarchive"
  depends_on "libdeflate"
  depends_on "libgit2"
  depends_on "libsodium"
  depends_on "openssl@3"
  depends_on "pcre2"
  depends_on "qpdf"
  depends_on "sqlite"

  uses_from_macos "zlib"

  on_arm do
    depends_on "vectorscan"
  end

  on_intel do
    depends_on "hyperscan"
  end

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja",
           "-DBUILD_TESTING=OFF", "-DSECSCAN_STATIC_LIBGIT2=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    # A rule of the test's own: a formula holds no credential.
    (testpath/"rules.toml").write <<~TOML
      [[rules]]
      id = "test-mark"
      description = "a mark"
      severity = "high"
      regex = '''mark_[0-9a-f]{16}'''
    TOML
    (testpath/"a.txt").write "x = mark_0f1e2d3c4b5a6978\n"
    shell_output("#{bin}/secscan --rules rules.toml a.txt", 1)
    (testpath/"test.c").write <<~C
      #include <secscan.h>
      #include <string.h>
      int main(void) { return strcmp(secscan_version(), SECSCAN_VERSION); }
    C
    system ENV.cc, "test.c", "-I#{include}", "-L#{lib}", "-lsecscan", "-o", "test"
    system "./test"
  end
end
