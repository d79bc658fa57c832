//! Trees, histories, policies and threads.

mod given;

use given::{git, repository, scanner, text, Folder};
use secscan::{
    Code, GitMode, GitOptions, GitUpdate, Options, Policy, PolicyOptions, Reach, Rules, Scanner, Target, TreeOptions,
};

#[test]
fn a_tree_comes_in_order_of_paths() {
    let folder = Folder::of_files(100);
    let paths: Vec<_> = scanner()
        .iter(Target::tree(folder.path()))
        .map(|f| f.unwrap().place.path.unwrap())
        .collect();
    assert_eq!(paths.len(), 100);
    assert!(paths.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn an_iterator_may_be_left_and_gives_its_scanner_back() {
    let folder = Folder::of_files(100);
    let mut one = scanner();
    for _ in 0..20 {
        let mut scan = one.iter(Target::tree(folder.path()));
        assert!(scan.next().unwrap().is_ok());
        one = scan.into_scanner();
    }
    drop(one.iter(Target::tree(folder.path())));
}

#[test]
fn a_token_ends_a_tree_that_runs() {
    let folder = Folder::of_files(300);
    let scanner = scanner();
    let token = scanner.cancel_token().clone();
    let mut scan = scanner.iter(Target::tree(folder.path()));
    assert!(scan.next().unwrap().is_ok());
    token.cancel();
    assert_eq!(scan.last().unwrap().unwrap_err().code(), Code::Cancelled);
}

#[test]
fn a_tree_has_options() {
    let folder = Folder::of_files(2);
    git(folder.path(), &["init", "-q"]);
    std::fs::write(folder.path().join(".gitignore"), "f001.txt\n").unwrap();
    let mut scanner = scanner();
    assert_eq!(scanner.scan(Target::tree(folder.path())).unwrap().len(), 1);
    let options = TreeOptions {
        no_gitignore: true,
        ..Default::default()
    };
    assert_eq!(
        scanner.scan(Target::tree_with(folder.path(), options)).unwrap().len(),
        2
    );
}

#[test]
fn a_history_has_what_was_removed_and_its_commit() {
    let (folder, commit) = repository();
    let findings = scanner().scan(Target::git(folder.path())).unwrap().complete().unwrap();
    assert_eq!(findings.len(), 1);
    let finding = findings.get(0).unwrap();
    let introduction = finding.introductions().next().unwrap();
    assert_eq!(
        (&*introduction.commit.id, &*introduction.commit.author_name),
        (&*commit, "Ada Park")
    );
    assert_eq!(introduction.place.path.as_deref(), Some("deploy.sh"));
    assert_eq!((finding.reach(), finding.in_head()), (Reach::Ref, false));
    assert_eq!(finding.refs().collect::<Vec<_>>(), ["refs/heads/main"]);
    assert_eq!(finding.removals().count(), 1);
}

fn count(folder: &Folder, options: GitOptions) -> usize {
    scanner()
        .scan(Target::git_with(folder.path(), options))
        .unwrap()
        .complete()
        .unwrap()
        .len()
}

#[test]
fn modes_scan_what_they_say() {
    let (folder, commit) = repository();
    let range = |text: &str| GitOptions {
        mode: GitMode::Range,
        range: Some(text.into()),
        ..Default::default()
    };
    assert_eq!(count(&folder, range("HEAD~")), 1);
    assert_eq!(count(&folder, range("HEAD~..HEAD")), 0);
    assert_eq!(
        count(
            &folder,
            GitOptions {
                mode: GitMode::Range,
                commits: vec![commit],
                ..Default::default()
            }
        ),
        1
    );
    assert_eq!(
        count(
            &folder,
            GitOptions {
                mode: GitMode::Staged,
                ..Default::default()
            }
        ),
        0
    );
    let update = GitUpdate {
        name: "refs/heads/main".into(),
        old_id: "0".repeat(40),
        new_id: git(folder.path(), &["rev-parse", "HEAD"]),
    };
    let push = GitOptions {
        mode: GitMode::Push,
        remote: Some("origin".into()),
        updates: vec![update],
        ..Default::default()
    };
    assert_eq!(count(&folder, push), 1);
}

#[test]
fn a_container_is_looked_into() {
    let (folder, commit) = repository();
    git(folder.path(), &["archive", "--format=zip", "-o", "made.zip", &commit]);
    let findings = scanner()
        .scan(Target::file(folder.path().join("made.zip")))
        .unwrap()
        .complete()
        .unwrap();
    let path = findings.get(0).unwrap().place().path.unwrap().into_owned();
    assert!(path.ends_with("made.zip!deploy.sh"), "{path}");
    assert_eq!(
        findings.get(0).unwrap().place().file(),
        Some(folder.path().join("made.zip").as_path())
    );
}

#[test]
fn an_index_may_have_a_path_that_is_no_utf_8() {
    use std::os::unix::ffi::OsStrExt;

    let (folder, _) = repository();
    let index = folder.path().join(std::ffi::OsStr::from_bytes(b"index\xff"));
    std::fs::write(folder.path().join("staged"), text(8)).unwrap();
    git(folder.path(), &["add", "staged"]);
    std::fs::rename(folder.path().join(".git/index"), &index).unwrap();
    let staged = GitOptions {
        mode: GitMode::Staged,
        index: Some(index),
        ..Default::default()
    };
    assert_eq!(count(&folder, staged), 1);
}

#[test]
fn a_path_that_is_no_utf_8_can_be_opened() {
    use std::os::unix::ffi::OsStrExt;

    let (folder, commit) = repository();
    let dir = folder.path().join(std::ffi::OsStr::from_bytes(b"d\xff\xfe"));
    std::fs::create_dir(&dir).unwrap();
    let container = dir.join("made.zip");
    git(folder.path(), &["archive", "--format=zip", "-o", "made.zip", &commit]);
    std::fs::rename(folder.path().join("made.zip"), &container).unwrap();
    std::fs::write(dir.join("plain"), text(1)).unwrap();

    let findings = scanner().scan(Target::tree(&dir)).unwrap().complete().unwrap();
    assert_eq!(findings.len(), 2);
    let member = findings.get(0).unwrap().to_owned().place;
    let path = member.path.as_deref().unwrap();
    assert!(path.ends_with("d\u{FFFD}\u{FFFD}/made.zip!deploy.sh"), "{path}");
    assert!(path[..member.file_len as usize].ends_with("/made.zip"));
    assert_eq!(member.file(), Some(container.as_path()));
    let plain = findings.get(1).unwrap().place();
    assert_eq!((plain.file(), plain.file_len), (Some(dir.join("plain").as_path()), 0));
}

#[test]
fn a_folder_without_a_repository_is_an_error() {
    let folder = Folder::new();
    assert_eq!(
        scanner().scan(Target::git(folder.path())).unwrap_err().code(),
        Code::Git
    );
}

#[test]
fn a_policy_hides_what_it_says() {
    let (folder, _) = repository();
    let rules = Rules::builtin().unwrap();
    let policies = [
        Policy::find(folder.path(), &PolicyOptions::default()).unwrap(),
        Policy::git(folder.path(), &GitOptions::default(), &PolicyOptions::default()).unwrap(),
    ];
    let line = text(3).trim_end().to_owned() + " # gitleaks:allow";
    for policy in policies {
        let hiding = Options {
            policy: Some(policy.clone()),
            ..Default::default()
        };
        assert!(Scanner::with_options(&rules, &hiding)
            .unwrap()
            .scan(&line)
            .unwrap()
            .is_empty());
        let showing = Options {
            policy: Some(policy),
            show_suppressed: true,
            ..Default::default()
        };
        let findings = Scanner::with_options(&rules, &showing).unwrap().scan(&line).unwrap();
        assert_eq!(findings.get(0).unwrap().suppressed_by().as_deref(), Some("inline"));
    }
}

#[test]
fn threads_share_rules_and_have_a_scanner_each() {
    let rules = Rules::builtin().unwrap();
    std::thread::scope(|scope| {
        for i in 0..8 {
            let rules = rules.clone();
            scope.spawn(move || {
                let mut scanner = Scanner::new(&rules).unwrap();
                for j in 0..20 {
                    let seed = i * 100 + j;
                    let findings = scanner.scan(&text(seed)).unwrap();
                    assert_eq!(
                        findings.get(0).unwrap().secret().reveal(),
                        given::token(seed).as_bytes()
                    );
                }
            });
        }
    });
}
