//! Loads libsecscan-containers when the first container appears, as the command
//! line does: linked, it would bring libarchive, SQLite, qpdf and OpenSSL into
//! every program, and most scans meet no container. It is never unloaded.
//! Without it containers are skips of the scan.

use std::os::raw::{c_char, c_int, c_void};

use secscan_sys as sys;

extern "C" {
    fn dlopen(name: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

const RTLD_NOW: c_int = 2;

/// The SONAME: a library of another version is not found.
#[cfg(not(target_os = "macos"))]
const LIBRARY: &[u8] = b"libsecscan-containers.so.0\0";
#[cfg(target_os = "macos")]
const LIBRARY: &[u8] = b"libsecscan-containers.0.dylib\0";

// Does not compile when the SONAME above is that of another version.
const _: [(); 0] = [(); sys::SECSCAN_VERSION_MAJOR as usize];

type Opener = unsafe extern "C" fn(*mut c_void) -> *const sys::secscan_opener;

/// For `secscan_scan_options.opener`.
pub(crate) unsafe extern "C" fn load(ctx: *mut c_void) -> *const sys::secscan_opener {
    // SAFETY: both names end with a NUL, and the symbol is the function that
    // secscan_containers.h declares.
    unsafe {
        let library = dlopen(LIBRARY.as_ptr().cast(), RTLD_NOW);
        if library.is_null() {
            return std::ptr::null();
        }
        let symbol = dlsym(library, b"secscan_containers\0".as_ptr().cast());
        let opener = std::mem::transmute::<*mut c_void, Option<Opener>>(symbol);
        opener.map_or(std::ptr::null(), |opener| opener(ctx))
    }
}
