//! What is found, where, and what becomes of errors.

mod given;

use std::io::{self, Read};
use std::ops::ControlFlow;

use given::{scanner, text, token, Folder};
use secscan::{CancelToken, Code, Evidence, Finding, Options, Rules, Scanner, Severity, Skip, Source, Target};

#[test]
fn a_token_is_found_where_it_stands() {
    let text = text(1);
    let findings = scanner()
        .scan(Target::named("a/.txt", text.as_bytes()))
        .unwrap()
        .complete()
        .unwrap();
    assert_eq!(findings.len(), 1);
    let finding = findings.get(0).unwrap();
    assert_eq!(finding.rule(), "github-pat-classic");
    assert_eq!(
        (finding.severity(), finding.evidence()),
        (Severity::Critical, Evidence::Checksum)
    );
    assert_eq!(finding.secret().reveal(), token(1).as_bytes());
    assert_eq!(finding.masked(), "ghp_********");
    let place = finding.place();
    assert_eq!(place.path.as_deref(), Some("a/.txt"));
    assert_eq!(
        (place.line_start, place.column_start, place.column_end, place.offset),
        (2, 14, 54, 24)
    );
    assert_eq!(place.source, Source::Buffer);
    assert_eq!(finding.places().next(), Some(place));
}

#[test]
fn nothing_is_found_in_nothing() {
    let mut scanner = scanner();
    for data in [&b""[..], b"x", b"\0"] {
        assert!(scanner.scan(data).unwrap().complete().unwrap().is_empty());
    }
}

#[test]
fn all_styles_find_the_same() {
    let text = text(2);
    let mut scanner = scanner();
    let kept: Vec<_> = scanner.scan(&text).unwrap().iter().map(|f| f.to_owned()).collect();
    let mut told = Vec::new();
    let outcome = scanner.each(&text, |f: Finding<'_>| {
        told.push(f.to_owned());
        ControlFlow::Continue(())
    });
    assert!(outcome.unwrap().is_complete());
    let pulled: Vec<_> = scanner
        .iter(Target::reader("", io::Cursor::new(text.clone())))
        .map(Result::unwrap)
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept, told);
    assert_eq!(kept[0].fingerprint, pulled[0].fingerprint);
}

#[test]
fn pieces_of_a_large_buffer_lose_nothing() {
    let mut data = b"just words\n".repeat(300_000);
    for at in [(1 << 20) - 20, (2 << 20) - 44, 3 << 20] {
        let line = format!("\n{}\n", token(at as u32));
        data[at..at + line.len()].copy_from_slice(line.as_bytes());
    }
    assert_eq!(scanner().scan(&data).unwrap().len(), 3);
}

#[test]
fn secrets_do_not_print() {
    let text = text(3);
    let findings = scanner().scan(&text).unwrap();
    let owned = findings.get(0).unwrap().to_owned();
    let shown = format!("{findings:?} {owned:?} {:?}", findings.get(0).unwrap().line());
    assert!(shown.contains("********") && !shown.contains(&token(3)[8..]));
}

#[test]
fn wrong_rules_say_where() {
    let folder = Folder::new();
    let path = folder.path().join("own.toml");
    std::fs::write(&path, "[[rules]]\nid = \"own\"\nregex = '''a('''\n").unwrap();
    let error = Rules::load(&[&path], &Default::default()).unwrap_err();
    assert_eq!((error.code(), error.line()), (Code::Rule, 3));
    assert!(error.column() > 0 && error.message().contains("own.toml:3:"), "{error}");
}

#[test]
fn wrong_options_are_an_error() {
    let options = Options {
        fingerprint_key: b"short".to_vec().into(),
        ..Default::default()
    };
    assert!(format!("{options:?}").contains("fingerprint_key: ********"));
    let error = Scanner::with_options(&Rules::builtin().unwrap(), &options).unwrap_err();
    assert_eq!(error.code(), Code::Arg);
    let error = scanner().scan(Target::named("a\0b", b"")).unwrap_err();
    assert_eq!(error.code(), Code::Arg);
}

#[test]
fn own_rules_find_what_they_say() {
    let rules = Rules::parse("[[rules]]\nid = 'own'\nregex = 'own-[0-9]{8}'", &Default::default()).unwrap();
    assert_eq!((rules.len(), rules.iter().next().unwrap().id), (1, "own"));
    assert_eq!(rules.find("own").unwrap().regex, "own-[0-9]{8}");
    assert!(rules.find("other").is_none() && rules.get(1).is_none());
    let mut scanner = Scanner::new(&rules).unwrap();
    drop(rules); // the scanner keeps them
    let text = format!("own-{}", 90417263);
    assert_eq!(scanner.scan(&text).unwrap().get(0).unwrap().rule(), "own");
}

#[test]
fn what_cannot_be_read_is_no_silence() {
    let folder = Folder::new();
    let absent = folder.path().join("absent");
    let mut scanner = scanner();
    let findings = scanner.scan(Target::file(&absent)).unwrap();
    assert!(!findings.is_complete());
    assert_eq!(findings.skips()[0].reason, "unreadable");
    assert_eq!(findings.complete().unwrap_err().code(), Code::Incomplete);
    let last = scanner.iter(Target::file(absent)).last().unwrap();
    assert_eq!(last.unwrap_err().code(), Code::Incomplete);
}

#[test]
fn a_sink_hears_of_skips_and_progress() {
    #[derive(Default)]
    struct Counting(u32, u32, u32);
    impl secscan::Sink for &mut Counting {
        fn finding(&mut self, _: Finding<'_>) -> ControlFlow<()> {
            self.0 += 1;
            ControlFlow::Continue(())
        }
        fn skipped(&mut self, _: &Skip<'_>) -> ControlFlow<()> {
            self.1 += 1;
            ControlFlow::Continue(())
        }
        fn progress(&mut self, _: secscan::Progress<'_>) -> ControlFlow<()> {
            self.2 += 1;
            ControlFlow::Continue(())
        }
    }
    let folder = Folder::of_files(3);
    std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
    let mut counting = Counting::default();
    let outcome = scanner().each(Target::tree(folder.path()), &mut counting).unwrap();
    assert!(!outcome.is_stopped());
    assert_eq!(counting.1 as usize, outcome.skips().len());
    assert!(counting.0 == 3 && counting.1 == 1 && counting.2 > 0);
}

#[test]
fn a_sink_may_stop_and_may_panic() {
    let text = text(4).repeat(3);
    let mut scanner = scanner();
    let mut n = 0;
    let outcome = scanner.each(&text, |_: Finding<'_>| {
        n += 1;
        ControlFlow::Break(())
    });
    let outcome = outcome.unwrap();
    assert!(n == 1 && outcome.is_stopped() && !outcome.is_complete());

    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = scanner.each(&text, |_: Finding<'_>| panic!("mine"));
    }));
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"mine"));
    assert_eq!(scanner.scan(&text).unwrap().len(), 3);
}

#[test]
fn a_token_ends_all_kinds_of_scan() {
    let token = CancelToken::new();
    let mut scanner = scanner();
    scanner.set_cancel_token(token.clone());
    token.cancel();
    for target in [
        Target::from("text"),
        Target::file("Cargo.toml"),
        Target::tree("."),
        Target::reader("", io::empty()),
    ] {
        assert_eq!(scanner.scan(target).unwrap_err().code(), Code::Cancelled);
    }
    assert_eq!(
        scanner.iter("text").next().unwrap().unwrap_err().code(),
        Code::Cancelled
    );
}

/// Never ends, and cancels after a while.
struct Endless(u32, CancelToken);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0 += 1;
        if self.0 == 50 {
            self.1.cancel();
        }
        io::repeat(b'\n').read(buffer)
    }
}

#[test]
fn a_token_ends_a_reader_that_has_no_end() {
    let mut scanner = scanner();
    let reader = Endless(0, scanner.cancel_token().clone());
    assert_eq!(
        scanner.scan(Target::reader("", reader)).unwrap_err().code(),
        Code::Cancelled
    );
}

/// Cancels and stops when it is told of the progress.
struct Impatient(CancelToken, u64);

impl secscan::Sink for &mut Impatient {
    fn finding(&mut self, _: Finding<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
    fn progress(&mut self, progress: secscan::Progress<'_>) -> ControlFlow<()> {
        self.1 = progress.bytes_done;
        self.0.cancel();
        ControlFlow::Break(())
    }
}

#[test]
fn a_token_ends_inside_of_a_file_and_of_a_buffer() {
    let folder = Folder::new();
    let path = folder.path().join("large");
    std::fs::File::create(&path)
        .and_then(|file| file.set_len(2 << 30)) // a hole
        .unwrap();
    let zeros = vec![0; 8 << 20];
    for target in [Target::file(path), Target::from(&zeros)] {
        let mut scanner = scanner();
        let mut sink = Impatient(scanner.cancel_token().clone(), 0);
        let ended = scanner.each(target, &mut sink);
        assert_eq!(ended.unwrap_err().code(), Code::Cancelled);
        assert!(sink.1 < 4 << 20);
    }
}

#[test]
fn a_reader_that_fails_is_an_error_and_the_scanner_goes_on() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::Other, "broken"))
        }
    }
    let mut scanner = scanner();
    let error = scanner.scan(Target::reader("", Broken)).unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::Io, "broken"));
    assert!(scanner.scan("text").unwrap().is_empty());
}

#[test]
#[should_panic(expected = "out of range")]
fn a_reader_that_says_more_than_there_is_room_for_is_a_panic() {
    struct Boasting;
    impl Read for Boasting {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            Ok(buffer.len() + (1 << 30))
        }
    }
    let _ = scanner().scan(Target::reader("", Boasting));
}

#[test]
fn a_reader_that_panics_leaves_the_scanner_whole() {
    struct Panicking(bool);
    impl Read for Panicking {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert!(!std::mem::replace(&mut self.0, true), "mine");
            text(5).as_bytes().read(buffer)
        }
    }
    let mut scanner = scanner();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = scanner.scan(Target::reader("", Panicking(false)));
    }));
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"mine"));
    assert_eq!(scanner.scan(&text(1)).unwrap().len(), 1);
}
