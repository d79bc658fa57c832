//! Bytes that hold a credential. Pure Rust.

use std::fmt;
use std::sync::atomic::{compiler_fence, Ordering};

pub(crate) const MASK: &str = "********";

/// Borrowed bytes that hold a credential. It prints as a mask, so that no log
/// gets it by accident.
///
/// ```
/// # let mut scanner = secscan::Scanner::new(&secscan::Rules::parse(
/// #     "[[rules]]\nid = 'own'\nregex = 'own-[0-9]{8}'", &Default::default())?)?;
/// # let text = format!("own-{}", 90417263);
/// let findings = scanner.scan(text.as_str())?;
/// let secret = findings.get(0).unwrap().secret();
/// assert_eq!(format!("{secret:?}"), "********");
/// assert_eq!(secret.reveal().len(), 12);
/// # Ok::<(), secscan::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret<'a>(&'a [u8]);

impl<'a> Secret<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Secret<'a> {
        Secret(bytes)
    }

    /// The bytes themselves.
    pub fn reveal(self) -> &'a [u8] {
        self.0
    }

    /// A copy, wiped when it is dropped.
    pub fn to_owned(self) -> SecretBuf {
        SecretBuf(self.0.to_vec())
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// The same, owned; the bytes are wiped when it is dropped. Keys of options are
/// such bytes, too, made from a `Vec<u8>`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SecretBuf(Vec<u8>);

impl SecretBuf {
    /// The bytes themselves.
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for SecretBuf {
    fn from(bytes: Vec<u8>) -> SecretBuf {
        SecretBuf(bytes)
    }
}

impl fmt::Debug for SecretBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl Drop for SecretBuf {
    fn drop(&mut self) {
        for byte in &mut self.0 {
            // SAFETY: a byte of our own. Volatile, for nobody reads it again,
            // and a plain write would be left out.
            unsafe { std::ptr::write_volatile(byte, 0) };
        }
        compiler_fence(Ordering::SeqCst);
    }
}

/// A secret with all hidden but the vendor's mark in front.
pub(crate) fn masked(secret: &[u8], public_prefix: usize) -> String {
    let shown = &secret[..public_prefix.min(secret.len())];
    String::from_utf8_lossy(shown).into_owned() + MASK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_a_mask() {
        let bytes = b"opens".to_vec();
        let secret = Secret::new(&bytes);
        assert_eq!(format!("{:?} {:?}", secret, secret.to_owned()), "******** ********");
        assert_eq!(secret.to_owned().reveal(), b"opens");
    }

    #[test]
    fn a_prefix_longer_than_the_secret_shows_no_more_than_there_is() {
        assert_eq!(masked(b"abc", 10), "abc********");
        assert_eq!(masked(b"", 1), "********");
    }
}
