//! Pointers of the library's as borrowed Rust. All of them are only read, and
//! live as long as the caller of these functions says.

use std::borrow::Cow;
use std::ffi::CStr;
use std::os::raw::c_char;

use secscan_sys as sys;

/// # Safety
/// `text` is NUL-terminated and lives for `'a`, or is NULL.
pub(crate) unsafe fn lossy<'a>(text: *const c_char) -> Cow<'a, str> {
    // SAFETY: as the caller promises.
    unsafe { maybe_lossy(text) }.unwrap_or_default()
}

/// # Safety
/// As of `lossy`.
pub(crate) unsafe fn maybe_lossy<'a>(text: *const c_char) -> Option<Cow<'a, str>> {
    if text.is_null() {
        return None;
    }
    // SAFETY: as the caller promises.
    Some(unsafe { CStr::from_ptr(text) }.to_string_lossy())
}

/// A text of the library's own, or of a rule file, which is UTF-8.
///
/// # Safety
/// As of `lossy`.
pub(crate) unsafe fn fixed<'a>(text: *const c_char) -> &'a str {
    if text.is_null() {
        return "";
    }
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("\u{FFFD}")
}

/// # Safety
/// `list` has `n` elements that live for `'a`; it may be NULL when `n` is 0.
pub(crate) unsafe fn slice<'a, T>(list: *const T, n: usize) -> &'a [T] {
    if n == 0 {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { std::slice::from_raw_parts(list, n) }
}

/// # Safety
/// As of `slice`.
pub(crate) unsafe fn bytes<'a>(bytes: sys::secscan_bytes) -> &'a [u8] {
    // SAFETY: as the caller promises.
    unsafe { slice(bytes.data.cast(), bytes.len) }
}

/// # Safety
/// As of `slice`, and each element as of `lossy`.
pub(crate) unsafe fn texts<'a>(list: *const *const c_char, n: usize) -> impl Iterator<Item = &'a str> {
    // SAFETY: as the caller promises.
    unsafe { slice(list, n) }.iter().map(|&text| unsafe { fixed(text) })
}
