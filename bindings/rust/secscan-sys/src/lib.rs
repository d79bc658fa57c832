//! The C interface of libsecscan as it stands in `secscan.h`, `secscan_git.h`
//! and `secscan_containers.h`, which say what the contracts are. The crate
//! `secscan` is the safe way to it.
//!
//! `bindings.rs` is written by `./generate`, and held against the headers by a
//! test. It links libsecscan and, with the feature `git`, libsecscan-git; what else
//! is declared (`secscan_containers`) has to be loaded, or linked by others.

#![allow(non_camel_case_types, clippy::all)]

include!("bindings.rs");
