use std::io::Read;
use std::path::PathBuf;

#[cfg(feature = "git")]
use crate::GitOptions;

/// What of a tree is scanned.
#[derive(Clone, Debug, Default)]
pub struct TreeOptions {
    /// Files that git ignores too.
    pub no_gitignore: bool,
    /// Each file once.
    pub follow_symlinks: bool,
}

/// What is scanned. Bytes and strings are targets by themselves.
#[non_exhaustive]
pub enum Target<'a> {
    /// Bytes, under a name that findings and rules for paths see.
    Buffer(Option<String>, &'a [u8]),
    /// All that a reader gives.
    Reader(Option<String>, Box<dyn Read + Send + 'a>),
    /// A file, whose size does not matter to memory.
    File(PathBuf),
    /// A folder or file, in parallel, in order of paths.
    Tree(PathBuf, TreeOptions),
    /// The repository at or above a path.
    #[cfg(feature = "git")]
    Git(PathBuf, Box<GitOptions>),
}

impl<'a> Target<'a> {
    /// A buffer with a name.
    pub fn named(name: impl Into<String>, data: &'a [u8]) -> Target<'a> {
        Target::Buffer(Some(name.into()), data)
    }

    /// All that a reader gives.
    pub fn reader(name: impl Into<String>, reader: impl Read + Send + 'a) -> Target<'a> {
        Target::Reader(Some(name.into()), Box::new(reader))
    }

    /// A file.
    pub fn file(path: impl Into<PathBuf>) -> Target<'static> {
        Target::File(path.into())
    }

    /// A tree; inside git, what git would track.
    pub fn tree(path: impl Into<PathBuf>) -> Target<'static> {
        Target::tree_with(path, TreeOptions::default())
    }

    /// A tree, with options.
    pub fn tree_with(path: impl Into<PathBuf>, options: TreeOptions) -> Target<'static> {
        Target::Tree(path.into(), options)
    }

    /// The whole history of a repository.
    #[cfg(feature = "git")]
    pub fn git(path: impl Into<PathBuf>) -> Target<'static> {
        Target::git_with(path, GitOptions::default())
    }

    /// What the options say of a repository.
    #[cfg(feature = "git")]
    pub fn git_with(path: impl Into<PathBuf>, options: GitOptions) -> Target<'static> {
        Target::Git(path.into(), Box::new(options))
    }
}

impl<'a> From<&'a [u8]> for Target<'a> {
    fn from(data: &'a [u8]) -> Target<'a> {
        Target::Buffer(None, data)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Target<'a> {
    fn from(data: &'a [u8; N]) -> Target<'a> {
        Target::Buffer(None, data)
    }
}

impl<'a> From<&'a Vec<u8>> for Target<'a> {
    fn from(data: &'a Vec<u8>) -> Target<'a> {
        Target::Buffer(None, data)
    }
}

impl<'a> From<&'a str> for Target<'a> {
    fn from(text: &'a str) -> Target<'a> {
        Target::Buffer(None, text.as_bytes())
    }
}

impl<'a> From<&'a String> for Target<'a> {
    fn from(text: &'a String) -> Target<'a> {
        Target::Buffer(None, text.as_bytes())
    }
}
