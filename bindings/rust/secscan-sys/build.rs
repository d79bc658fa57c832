//! Links the libraries that pkg-config knows; of another version none will do.

fn main() {
    // docs.rs has no libraries, and links none.
    if std::env::var_os("DOCS_RS").is_some() {
        return;
    }
    let mut names = vec!["secscan"];
    if std::env::var_os("CARGO_FEATURE_GIT").is_some() {
        names.push("secscan-git");
    }
    for name in names {
        if let Err(error) = pkg_config::Config::new().range_version("0.1".."0.2").probe(name) {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}
