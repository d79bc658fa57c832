//! Tokens that are made here and open nothing, and repositories that hold them.
#![allow(dead_code)] // not all tests use all of it

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use secscan::{Rules, Scanner};

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

/// A well-formed token: 30 characters of the seed's, and their checksum.
pub fn token(mut seed: u32) -> String {
    let mut body = String::new();
    for _ in 0..30 {
        seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
        body.push(DIGITS[(seed >> 16) as usize % 62] as char);
    }
    let mut sum = crc32(body.as_bytes()) as usize;
    let mut check = [0; 6];
    for digit in check.iter_mut().rev() {
        *digit = DIGITS[sum % 62];
        sum /= 62;
    }
    format!("ghp_{body}{}", String::from_utf8_lossy(&check))
}

pub fn text(seed: u32) -> String {
    format!("first line\nGITHUB_TOKEN={}\n", token(seed))
}

pub fn scanner() -> Scanner {
    Scanner::new(&Rules::builtin().unwrap()).unwrap()
}

/// An empty folder, removed with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "secscan-rust-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }

    /// With `n` files that have a token each.
    pub fn of_files(n: u32) -> Folder {
        let folder = Folder::new();
        for i in 0..n {
            std::fs::write(folder.path().join(format!("f{i:03}.txt")), text(i)).unwrap();
        }
        folder
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let out = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args([
            "-c",
            "user.name=Ada Park",
            "-c",
            "user.email=ada@example.com",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .env_remove("LD_PRELOAD") // what looks for our leaks is not for git's
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

/// A token in the first commit, and none any more in the second; the first's id.
pub fn repository() -> (Folder, String) {
    let folder = Folder::new();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    for content in [text(7), "clean\n".to_owned()] {
        std::fs::write(folder.path().join("deploy.sh"), content).unwrap();
        git(folder.path(), &["add", "."]);
        git(folder.path(), &["commit", "-q", "-m", "Deploy"]);
    }
    let commit = git(folder.path(), &["rev-parse", "HEAD~"]);
    (folder, commit)
}
