package secscan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"secscan.example/go/secscan"
)

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// token is a well-formed token, made here, that opens nothing: 30 characters of
// the seed's, and their checksum.
func token(seed uint32) string {
	var body [30]byte
	for i := range body {
		seed = seed*1664525 + 1013904223
		body[i] = digits[seed>>16%62]
	}
	sum := crc32.ChecksumIEEE(body[:])
	var check [6]byte
	for i := range check {
		check[5-i] = digits[sum%62]
		sum /= 62
	}
	return "ghp_" + string(body[:]) + string(check[:])
}

var shared = sync.OnceValues(func() (*secscan.Scanner, error) { return secscan.New() })

func builtin(t testing.TB) *secscan.Scanner {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func text(seed uint32) []byte {
	return []byte("first line\nGITHUB_TOKEN=" + token(seed) + "\n")
}

func TestScan_a_token_is_found_where_it_stands(t *testing.T) {
	findings, err := builtin(t).ScanNamed(context.Background(), "a/.env", text(1))
	if err != nil {
		t.Fatal(err)
	}
	var f *secscan.Finding
	for i := range findings {
		if findings[i].Rule == "github-pat-classic" {
			f = &findings[i]
		}
	}
	if f == nil {
		t.Fatalf("not found: %v", findings)
	}
	p := f.Place
	if p.Path != "a/.env" || p.LineStart != 2 || p.ColumnStart != 14 || p.ColumnEnd != 54 {
		t.Errorf("wrong place: %+v", p)
	}
	if string(f.Secret.Reveal()) != token(1) || f.Evidence != secscan.Checksum {
		t.Errorf("wrong finding: %s %s", f.Rule, f.Evidence)
	}
	if f.Masked() != "ghp_********" {
		t.Errorf("masked as %s", f.Masked())
	}
}

func TestScan_nothing_is_found_in_nothing(t *testing.T) {
	for _, data := range [][]byte{nil, {}, []byte("x"), {0}} {
		findings, err := builtin(t).Scan(context.Background(), data)
		if err != nil || len(findings) != 0 {
			t.Errorf("%q: %v, %v", data, findings, err)
		}
	}
}

func TestScan_a_large_buffer_and_a_reader_of_it_are_the_same(t *testing.T) {
	data := bytes.Repeat([]byte("just words\n"), 300_000)
	for _, at := range []int{1<<20 - 20, 2<<20 - 44, 3 << 20} {
		copy(data[at:], "\n"+token(uint32(at))+"\n")
	}
	whole, err := builtin(t).Scan(context.Background(), data)
	if err != nil || len(whole) != 3 {
		t.Fatalf("%d findings, %v", len(whole), err)
	}
	read, err := builtin(t).ScanReader(context.Background(), "", bytes.NewReader(data))
	if err != nil || fmt.Sprintf("%+v", read) != fmt.Sprintf("%+v", whole) {
		t.Errorf("a reader gives other findings: %v", err)
	}
}

// embedded has its bytes beside a pointer.
type embedded struct {
	next  *embedded
	bytes [256]byte
}

func TestScan_a_buffer_may_stand_in_a_struct_with_pointers(t *testing.T) {
	e := &embedded{next: &embedded{}}
	n := copy(e.bytes[:], text(1))
	findings, err := builtin(t).Scan(context.Background(), e.bytes[:n])
	if err != nil || len(findings) != 1 || e.next == nil {
		t.Errorf("%v, %v", findings, err)
	}
}

func TestStrings_with_a_NUL_inside_are_an_error(t *testing.T) {
	s, ctx, path := builtin(t), context.Background(), "secscan_test.go\x00"
	git := &secscan.GitOptions{Mode: secscan.GitRange, Range: "HEAD\x00..HEAD~"}
	calls := map[string]func() error{
		"ScanNamed":  func() error { _, err := s.ScanNamed(ctx, path, text(1)); return err },
		"ScanReader": func() error { _, err := s.ScanReader(ctx, path, bytes.NewReader(text(1))); return err },
		"ScanFile":   func() error { _, err := s.ScanFile(ctx, path); return err },
		"ScanTree":   func() error { return ended(s.ScanTree(ctx, path, nil)) },
		"ScanGit":    func() error { return ended(s.ScanGit(ctx, path, nil)) },
		"Range":      func() error { return ended(s.ScanGit(ctx, ".", git)) },
		"FindPolicy": func() error { _, err := secscan.FindPolicy(path, nil); return err },
		"GitPolicy":  func() error { _, err := secscan.GitPolicy(".", git, nil); return err },
		"LoadRules":  func() error { _, err := secscan.LoadRules(nil, path); return err },
		"ParseRules": func() error {
			_, err := secscan.ParseRules(&secscan.RulesOptions{Without: []string{path}}, "")
			return err
		},
		"NewScanner": func() error {
			_, err := secscan.NewScanner(s.Rules(), &secscan.Options{Categories: []string{"token\x00"}})
			return err
		},
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, secscan.ErrArg) || !strings.Contains(err.Error(), "NUL") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, ok := s.Rules().Find("github-pat-classic\x00"); ok {
		t.Error("a rule is found")
	}
}

// ended is the error that a loop ends with.
func ended(scan iter.Seq2[secscan.Finding, error]) (last error) {
	for _, err := range scan {
		last = err
	}
	return last
}

func TestScanReader_returns_the_error_of_the_reader(t *testing.T) {
	broken := errors.New("broken")
	_, err := builtin(t).ScanReader(context.Background(), "", iotest.ErrReader(broken))
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// reader is a Read.
type reader func([]byte) (int, error)

func (r reader) Read(b []byte) (int, error) { return r(b) }

func TestScanReader_a_read_may_give_bytes_and_an_end(t *testing.T) {
	reads := 0
	findings, err := builtin(t).ScanReader(context.Background(), "", reader(func(b []byte) (int, error) {
		if reads++; reads > 1 {
			t.Fatal("read beyond its end")
		}
		return copy(b, text(1)), io.EOF
	}))
	if err != nil || len(findings) != 1 {
		t.Errorf("%v, %v", findings, err)
	}
}

func TestScanReader_an_end_inside_of_an_error_is_an_error(t *testing.T) {
	broken := fmt.Errorf("cut short: %w", io.EOF)
	findings, err := builtin(t).ScanReader(context.Background(), "", reader(func(b []byte) (int, error) {
		return copy(b, text(1)), broken
	}))
	if err != broken || len(findings) != 1 {
		t.Errorf("%v, %v", findings, err)
	}
}

func TestScanReader_a_length_that_cannot_be_is_a_panic(t *testing.T) {
	for _, n := range []int{-1, 1 << 20} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d is taken", n)
				}
			}()
			builtin(t).ScanReader(context.Background(), "", reader(func([]byte) (int, error) { return n, nil }))
		}()
	}
}

// panicking gives a token, and then panics.
type panicking struct{ n int }

func (p *panicking) Read(b []byte) (int, error) {
	if p.n++; p.n > 1 {
		panic("mine")
	}
	return copy(b, text(5)), nil
}

func TestScanReader_a_panic_of_the_reader_is_the_callers(t *testing.T) {
	for range 5 {
		func() {
			defer func() {
				if recover() != "mine" {
					t.Error("the panic is lost")
				}
			}()
			builtin(t).ScanReader(context.Background(), "", &panicking{})
		}()
		if f, err := builtin(t).Scan(context.Background(), text(1)); err != nil || len(f) != 1 {
			t.Fatalf("the scanner is broken: %v", err)
		}
	}
}

func TestSecret_does_not_print(t *testing.T) {
	findings, err := builtin(t).Scan(context.Background(), text(2))
	if err != nil || len(findings) == 0 {
		t.Fatal(err)
	}
	marshalled, err := json.Marshal(findings)
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%v %+v %#v %s %s", findings, findings, findings, findings[0].Line, marshalled)
	if strings.Contains(shown, token(2)[8:]) {
		t.Error("a secret is printed")
	}
	keys := fmt.Sprintf("%v %+v", secscan.Options{FingerprintKey: []byte("opens")}, secscan.GitOptions{CacheKey: []byte("opens")})
	if strings.Contains(keys, "111 112 101 110 115") || strings.Count(keys, "********") != 2 {
		t.Errorf("keys are printed: %s", keys)
	}
	for _, verb := range "bcdoOqstvxXU!" {
		if shown := fmt.Sprintf("%"+string(verb), findings[0].Secret); shown != "********" {
			t.Errorf("%%%c prints %s", verb, shown)
		}
	}
}

func TestNew_wrong_rules_say_where(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.toml")
	if err := os.WriteFile(path, []byte("[[rules]]\nid = \"own\"\nregex = '''a('''\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := secscan.New(path)
	var failure *secscan.Error
	if !errors.As(err, &failure) || !errors.Is(err, secscan.ErrRule) {
		t.Fatalf("%v", err)
	}
	if failure.Line != 3 || failure.Column == 0 || !strings.Contains(failure.Message, "own.toml:3:") {
		t.Errorf("%+v", failure)
	}
	if failure.Code.Error() != "SECSCAN_ERR_RULE" {
		t.Errorf("%v", failure.Code)
	}
}

func TestNewScanner_wrong_options_are_an_error(t *testing.T) {
	_, err := secscan.NewScanner(builtin(t).Rules(), &secscan.Options{FingerprintKey: []byte("short")})
	if !errors.Is(err, secscan.ErrArg) {
		t.Errorf("%v", err)
	}
}

func TestNewScanner_options_are_copied(t *testing.T) {
	options := &secscan.Options{FingerprintKey: []byte("0123456789abcdef"), Categories: []string{"token"}}
	s, err := secscan.NewScanner(builtin(t).Rules(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	outer, err := s.Scan(context.Background(), text(1))
	if err != nil || len(outer) != 1 {
		t.Fatalf("%v, %v", outer, err)
	}
	clear(options.FingerprintKey)
	options.Categories[0] = "password"
	// A scan inside of a scan has an engine that is made for it.
	_, err = s.ScanReader(context.Background(), "", reader(func([]byte) (int, error) {
		inner, err := s.Scan(context.Background(), text(1))
		if err != nil || len(inner) != 1 || inner[0].Fingerprint != outer[0].Fingerprint {
			t.Errorf("%v, %v", inner, err)
		}
		return 0, io.EOF
	}))
	if err != nil {
		t.Error(err)
	}
}

func TestRules_own_rules_find_what_they_say(t *testing.T) {
	rules, err := secscan.ParseRules(nil, "[[rules]]\nid = \"own\"\nregex = '''own-[0-9]{8}'''\n")
	if err != nil {
		t.Fatal(err)
	}
	scanner, err := secscan.NewScanner(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer scanner.Close()
	findings, err := scanner.Scan(context.Background(), []byte("own-"+strconv.Itoa(90417263)))
	if err != nil || len(findings) != 1 || findings[0].Rule != "own" {
		t.Errorf("%v, %v", findings, err)
	}
	if rule, ok := rules.Find("own"); !ok || rules.Len() != 1 || rules.At(0).Regex != rule.Regex {
		t.Errorf("%+v", rule)
	}
}

func TestScanFile_what_cannot_be_read_is_no_silence(t *testing.T) {
	_, err := builtin(t).ScanFile(context.Background(), filepath.Join(t.TempDir(), "absent"))
	var left *secscan.IncompleteError
	if !errors.As(err, &left) || left.Count != 1 || left.Skips[0].Reason != "unreadable" {
		t.Errorf("%v", err)
	}
}

// folder has n files with a token each.
func folder(t *testing.T, n int) string {
	t.Helper()
	path := t.TempDir()
	for i := range n {
		name := filepath.Join(path, fmt.Sprintf("f%03d.txt", i))
		if err := os.WriteFile(name, text(uint32(i)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestScanReader_a_panic_leaves_nothing_of_the_context(t *testing.T) {
	type key struct{}
	collected := make(chan bool)
	func() {
		defer func() { recover() }()
		value := new([64]int)
		runtime.SetFinalizer(value, func(*[64]int) { close(collected) })
		ctx := context.WithValue(context.Background(), key{}, value)
		builtin(t).ScanReader(ctx, "", &panicking{})
	}()
	for range 100 {
		runtime.GC()
		select {
		case <-collected:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Error("the context is kept")
}

func TestScanTree_comes_in_order_of_paths(t *testing.T) {
	last, n := "", 0
	for f, err := range builtin(t).ScanTree(context.Background(), folder(t, 100), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if f.Place.Path < last {
			t.Errorf("%s after %s", f.Place.Path, last)
		}
		last = f.Place.Path
		n++
	}
	if n != 100 {
		t.Errorf("%d findings", n)
	}
}

func TestScanTree_a_loop_may_be_left(t *testing.T) {
	path := folder(t, 100)
	for range 20 {
		for _, err := range builtin(t).ScanTree(context.Background(), path, nil) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
}

func TestScanTree_a_panic_in_the_loop_is_the_callers(t *testing.T) {
	path := folder(t, 100)
	func() {
		defer func() {
			if recover() != "mine" {
				t.Error("the panic is lost")
			}
		}()
		for range builtin(t).ScanTree(context.Background(), path, nil) {
			panic("mine")
		}
	}()
	if f, err := builtin(t).Scan(context.Background(), text(1)); err != nil || len(f) != 1 {
		t.Errorf("the scanner is broken: %v", err)
	}
}

func TestContext_ends_all_kinds_of_scan(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(why)
	s := builtin(t)
	if _, err := s.Scan(ctx, text(1)); err != why {
		t.Errorf("Scan: %v", err)
	}
	if _, err := s.ScanFile(ctx, "secscan_test.go"); err != why {
		t.Errorf("ScanFile: %v", err)
	}
	for _, err := range s.ScanTree(ctx, ".", nil) {
		if err != why {
			t.Errorf("ScanTree: %v", err)
		}
	}
	for _, err := range s.ScanGit(ctx, ".", nil) {
		if err != why {
			t.Errorf("ScanGit: %v", err)
		}
	}
}

// endless never ends, and cancels after a while.
type endless struct {
	n      int
	cancel func()
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n++; e.n == 50 {
		e.cancel()
	}
	return copy(p, "words and more words\n"), nil
}

func TestContext_ends_a_reader_that_has_no_end(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := builtin(t).ScanReader(ctx, "", &endless{cancel: cancel})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestContext_ends_a_reader_that_gives_nothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	reads := 0
	_, err := builtin(t).ScanReader(ctx, "", reader(func([]byte) (int, error) {
		if reads++; reads == 50 {
			cancel()
		}
		return 0, nil
	}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestContext_ends_inside_of_a_file_and_of_a_buffer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<38); err != nil { // a hole, of many minutes
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if _, err := builtin(t).ScanFile(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ScanFile: %v", err)
	}
	asked := &asking{Context: context.Background()}
	if _, err := builtin(t).Scan(asked, make([]byte, 1<<23)); err != errAsked {
		t.Errorf("Scan: %v", err)
	}
	if asked.n > 10 {
		t.Errorf("asked %d times", asked.n)
	}
}

var errAsked = errors.New("asked once more")

// asking ends when it is asked by the scan that has begun.
type asking struct {
	context.Context
	n int
}

func (a *asking) Err() error {
	if a.n++; a.n > 1 {
		return errAsked
	}
	return nil
}

func TestContext_ends_a_tree_that_runs(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var last error
	for _, err := range builtin(t).ScanTree(ctx, folder(t, 300), nil) {
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("%v", last)
	}
}

func git(t *testing.T, folder string, args ...string) string {
	t.Helper()
	c := exec.Command("git", append([]string{"-C", folder, "-c", "user.name=Ada Park",
		"-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	// What looks for our leaks is not for git's.
	c.Env = append(os.Environ(), "LD_PRELOAD=")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// repository has a token in its first commit, and none any more in its second.
func repository(t *testing.T) (path, commit string) {
	t.Helper()
	path = t.TempDir()
	git(t, path, "init", "-q", "-b", "main")
	name := filepath.Join(path, "deploy.sh")
	for _, content := range [][]byte{text(7), []byte("clean\n")} {
		if err := os.WriteFile(name, content, 0o666); err != nil {
			t.Fatal(err)
		}
		git(t, path, "add", ".")
		git(t, path, "commit", "-q", "-m", "Deploy")
	}
	return path, git(t, path, "rev-parse", "HEAD~")
}

func TestScanGit_finds_what_was_removed_with_its_commit(t *testing.T) {
	path, commit := repository(t)
	n := 0
	for f, err := range builtin(t).ScanGit(context.Background(), path, nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if len(f.Introductions) != 1 || f.InHead || f.Reach != secscan.ReachRef {
			t.Fatalf("%+v", f)
		}
		c := f.Introductions[0].Commit
		if c.ID != commit || c.AuthorName != "Ada Park" || c.AuthorTime.IsZero() {
			t.Errorf("%+v", c)
		}
		if len(f.Refs) != 1 || f.Refs[0] != "refs/heads/main" || len(f.Removals) != 1 {
			t.Errorf("%v %v", f.Refs, f.Removals)
		}
	}
	if n != 1 {
		t.Errorf("%d findings", n)
	}
}

func TestScanGit_modes_scan_what_they_say(t *testing.T) {
	path, _ := repository(t)
	counts := map[string]int{}
	for name, options := range map[string]*secscan.GitOptions{
		"first":  {Mode: secscan.GitRange, Range: "HEAD~"},
		"second": {Mode: secscan.GitRange, Range: "HEAD~..HEAD"},
		"these":  {Mode: secscan.GitRange, Commits: []string{git(t, path, "rev-parse", "HEAD~")}},
		"staged": {Mode: secscan.GitStaged},
		"push": {Mode: secscan.GitPush, Remote: "origin", Updates: []secscan.GitUpdate{{
			Ref: "refs/heads/main", OldID: strings.Repeat("0", 40), NewID: git(t, path, "rev-parse", "HEAD")}}},
	} {
		for _, err := range builtin(t).ScanGit(context.Background(), path, options) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			counts[name]++
		}
	}
	if fmt.Sprint(counts) != "map[first:1 push:1 these:1]" {
		t.Errorf("%v", counts)
	}
}

func TestScanGit_a_deadline_that_has_passed_is_one(t *testing.T) {
	path, _ := repository(t)
	large := bytes.Repeat([]byte("just words\n"), 500_000)
	for i := range 5 { // each takes milliseconds
		name := filepath.Join(path, strconv.Itoa(i))
		if err := os.WriteFile(name, append(large, name...), 0o666); err != nil {
			t.Fatal(err)
		}
		git(t, path, "add", ".")
		git(t, path, "commit", "-q", "-m", "More")
	}
	options := &secscan.GitOptions{Mode: secscan.GitRange, Range: "HEAD"}
	for _, options.Deadline = range []time.Duration{-time.Hour, time.Microsecond} {
		var left *secscan.IncompleteError
		err := ended(builtin(t).ScanGit(context.Background(), path, options))
		if !errors.As(err, &left) || left.Skips[0].Reason != "deadline" {
			t.Errorf("%v: %v", options.Deadline, err)
		}
	}
}

func TestScanFile_a_container_is_looked_into(t *testing.T) {
	path, commit := repository(t)
	made := filepath.Join(path, "made.zip")
	git(t, path, "archive", "--format=zip", "-o", made, commit)
	findings, err := builtin(t).ScanFile(context.Background(), made)
	if err != nil || len(findings) != 1 || findings[0].Place.Path != made+"!deploy.sh" {
		t.Errorf("%v, %v", findings, err)
	}
}

func TestScanGit_a_folder_without_a_repository_is_an_error(t *testing.T) {
	for _, err := range builtin(t).ScanGit(context.Background(), t.TempDir(), nil) {
		if !errors.Is(err, secscan.ErrGit) {
			t.Errorf("%v", err)
		}
	}
}

func TestPolicy_hides_what_it_says(t *testing.T) {
	path, _ := repository(t)
	policy, err := secscan.GitPolicy(path, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	line := append(bytes.TrimRight(text(3), "\n"), " # gitleaks:allow"...)
	for _, show := range []bool{false, true} {
		s, err := secscan.NewScanner(builtin(t).Rules(), &secscan.Options{Policy: policy, ShowSuppressed: show})
		if err != nil {
			t.Fatal(err)
		}
		findings, err := s.Scan(context.Background(), line)
		if err != nil || (len(findings) == 1) != show {
			t.Errorf("%v, %v", findings, err)
		}
		if show && (findings[0].SuppressedBy != "inline" || findings[0].Gates) {
			t.Errorf("%+v", findings[0])
		}
		s.Close()
	}
}

func TestScanner_many_goroutines_share_one(t *testing.T) {
	path := folder(t, 5)
	var group sync.WaitGroup
	for i := range 16 {
		group.Add(1)
		go func() {
			defer group.Done()
			for j := range 20 {
				seed := uint32(i*100 + j)
				findings, err := builtin(t).Scan(context.Background(), text(seed))
				if err != nil || len(findings) != 1 || string(findings[0].Secret.Reveal()) != token(seed) {
					t.Errorf("%d: %v, %v", seed, findings, err)
				}
			}
			for _, err := range builtin(t).ScanTree(context.Background(), path, nil) {
				if err != nil {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
}

func TestScanner_may_be_closed_while_it_scans(t *testing.T) {
	s, err := secscan.NewScanner(builtin(t).Rules(), nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range s.ScanTree(context.Background(), folder(t, 50), nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		s.Close()
	}
	if n != 50 {
		t.Errorf("%d findings", n)
	}
	if _, err := s.Scan(context.Background(), nil); err != secscan.ErrClosed {
		t.Errorf("%v", err)
	}
	for _, err := range s.ScanTree(context.Background(), ".", nil) {
		if err != secscan.ErrClosed {
			t.Errorf("%v", err)
		}
	}
}

func TestRules_live_as_long_as_their_scanner(t *testing.T) {
	rules, err := secscan.ParseRules(nil, "[[rules]]\nid = \"own\"\nregex = '''own-[0-9]{8}'''\n")
	if err != nil {
		t.Fatal(err)
	}
	s, err := secscan.NewScanner(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	rules = nil
	runtime.GC()
	runtime.GC()
	if f, err := s.Scan(context.Background(), []byte("own-"+strconv.Itoa(90417263))); err != nil || len(f) != 1 {
		t.Errorf("%v", err)
	}
}

// A finalizer of what was copied must not free what the copy has.
func TestCopies_are_the_same_object(t *testing.T) {
	rules, policy, scanner := copies(t)
	for range 5 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond) // for finalizers
	}
	line := []byte("own-" + strconv.Itoa(90417263) + " # gitleaks:allow")
	if f, err := scanner.Scan(context.Background(), line); err != nil || len(f) != 1 || rules.Len() != 1 {
		t.Errorf("%v, %v", f, err)
	}
	hiding, err := secscan.NewScanner(&rules, &secscan.Options{Policy: &policy})
	if err != nil {
		t.Fatal(err)
	}
	if f, err := hiding.Scan(context.Background(), line); err != nil || len(f) != 0 {
		t.Errorf("%v, %v", f, err)
	}
}

//go:noinline
func copies(t *testing.T) (secscan.Rules, secscan.Policy, secscan.Scanner) {
	rules, err := secscan.ParseRules(nil, "[[rules]]\nid = \"own\"\nregex = '''own-[0-9]{8}'''\n")
	if err != nil {
		t.Fatal(err)
	}
	policy, err := secscan.FindPolicy(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	other, err := secscan.ParseRules(nil, "[[rules]]\nid = \"own\"\nregex = '''own-[0-9]{8}'''\n")
	if err != nil {
		t.Fatal(err)
	}
	scanner, err := secscan.NewScanner(other, nil)
	if err != nil {
		t.Fatal(err)
	}
	return *rules, *policy, *scanner
}

// resident is this process's memory, Go's and C's, in bytes.
func resident(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(status))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// small makes one scan of a small buffer: one in 16 finds something, and one in
// 64 fails, in one of some ways.
func small(t *testing.T, i int, dirty []byte) {
	t.Helper()
	ctx, data := context.Background(), []byte("nothing to see here, go on")
	var wanted, err error
	switch {
	case i%64 == 1:
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		cancel()
		wanted = context.Canceled
		_, err = builtin(t).Scan(ctx, data)
	case i%64 == 2:
		wanted = io.ErrClosedPipe
		_, err = builtin(t).ScanReader(ctx, "a", iotest.ErrReader(wanted))
	case i%64 == 3:
		wanted = secscan.ErrRule
		_, err = secscan.ParseRules(nil, "[[rules]]\nid = 'own'\nregex = 'a('")
	case i%16 == 0:
		_, err = builtin(t).Scan(ctx, dirty)
	default:
		_, err = builtin(t).Scan(ctx, data)
	}
	if !errors.Is(err, wanted) {
		t.Fatalf("scan %d: %v", i, err)
	}
}

// A million, of which the race detector makes minutes: run_tests.py runs this
// one without it.
func TestSoak_memory_is_flat(t *testing.T) {
	count, err := strconv.Atoi(os.Getenv("SECSCAN_SOAK"))
	if err != nil {
		count = 50_000
	}
	dirty := text(9)
	scan := func(n int) {
		for i := range n {
			small(t, i, dirty)
		}
		runtime.GC()
	}
	scan(count / 4)
	before := resident(t)
	scan(count)
	if grown := resident(t) - before; grown > 16<<20 {
		t.Errorf("%d bytes more after %d scans", grown, count)
	}
}

func TestScanner_without_close_gives_its_memory_back(t *testing.T) {
	rules := builtin(t).Rules()
	scan := func(n int) {
		for i := range n {
			s, err := secscan.NewScanner(rules, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Scan(context.Background(), text(1)); err != nil {
				t.Fatal(err)
			}
			if i%20 == 0 {
				runtime.GC()
			}
		}
	}
	scan(100)
	before := resident(t)
	scan(1000) // 250 MB, if they were kept
	grown := resident(t) - before
	// Finalizers run some time after a collection.
	for wait := 0; grown > 64<<20 && wait < 600; wait++ {
		time.Sleep(100 * time.Millisecond)
		runtime.GC()
		grown = resident(t) - before
	}
	if grown > 64<<20 {
		t.Errorf("%d bytes more after 1,000 scanners", grown)
	}
}

func BenchmarkScan(b *testing.B) {
	data := []byte("the quick brown fox jumps over the lazy dog\n")
	s := builtin(b)
	b.ReportAllocs()
	for range b.N {
		if _, err := s.Scan(context.Background(), data); err != nil {
			b.Fatal(err)
		}
	}
}
