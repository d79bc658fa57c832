//go:build !secscan_nogit

package secscan

/*
#cgo pkg-config: secscan-git
#include "bridge.h"
#include <secscan_git.h>
#include <stdlib.h>

static int bridge_scan_git(secscan_scanner *scanner, const char *path,
                           const secscan_git_options *options,
                           uintptr_t handle, secscan_error *err)
{
    const secscan_sink sink = bridge_sink(handle);

    return secscan_scan_git(scanner, path, options, &sink, err);
}
*/
import "C"

import (
	"context"
	"iter"
	"time"
	"unsafe"
)

// GitMode is what of a repository is scanned.
type GitMode int

// The modes.
const (
	GitHistory GitMode = iota // every object, all refs, submodules on disk
	GitRange                  // what the commits of a range introduce
	GitStaged                 // what the index adds to HEAD
	GitPush                   // what changes of refs would publish
)

// GitUpdate is one ref of a push, as git's hooks name it. Ids are hex; zeros:
// there is none.
type GitUpdate struct {
	Ref, OldID, NewID string
}

// GitOptions say what of a repository is scanned. The zero value is the whole
// history.
type GitOptions struct {
	Mode       GitMode
	Range      string      // GitRange: "A..B", "A...B", or "B"
	Commits    []string    // GitRange: instead of Range, what these introduce
	Index      string      // GitStaged: the index file; "": the repository's own
	Updates    []GitUpdate // GitPush
	Remote     string      // GitPush: by name or URL
	ObjectDirs []string    // more directories of objects
	GateRef    string      // GitHistory: only what this holds gates
	Cache      string      // GitHistory: a directory for what was found clean
	CacheKey   Secret
	// Deadline is after which no other commit is begun (ranges and pushes), in
	// whole milliseconds, and at least one; 0: none.
	Deadline        time.Duration
	GateUnreachable bool
	NoSubmodules    bool
	Receive         bool // GitPush: the push comes in
}

func (o *GitOptions) inC(m *memory) *C.secscan_git_options {
	c := &C.secscan_git_options{
		mode: C.uint32_t(o.Mode),
		flags: flag(o.GateUnreachable, C.SECSCAN_GIT_GATE_UNREACHABLE) |
			flag(o.NoSubmodules, C.SECSCAN_GIT_NO_SUBMODULES) |
			flag(o.Receive, C.SECSCAN_GIT_RECEIVE),
		_range:        m.text(o.Range),
		index:         m.text(o.Index),
		cache:         m.text(o.Cache),
		cache_key:     m.bytes(o.CacheKey),
		cache_key_len: C.size_t(len(o.CacheKey)),
		updates:       updatesInC(m, o.Updates),
		n_updates:     C.size_t(len(o.Updates)),
		remote:        m.text(o.Remote),
		object_dirs:   m.texts(o.ObjectDirs),
		n_object_dirs: C.size_t(len(o.ObjectDirs)),
		commits:       m.texts(o.Commits),
		n_commits:     C.size_t(len(o.Commits)),
		deadline:      deadlineInC(o.Deadline),
		gate_ref:      m.text(o.GateRef),
	}
	c.size = C.size_t(unsafe.Sizeof(*c))
	return c
}

// deadlineInC is 0 for 0 alone: one that has passed, or nearly, is no reason to
// go on without end.
func deadlineInC(d time.Duration) C.uint64_t {
	if d == 0 {
		return 0
	}
	return C.uint64_t(max(d.Milliseconds(), 1))
}

func updatesInC(m *memory, updates []GitUpdate) *C.secscan_git_update {
	if len(updates) == 0 {
		return nil
	}
	n := C.size_t(len(updates))
	array := (*C.secscan_git_update)(m.keep(C.calloc(n, C.sizeof_secscan_git_update)))
	for i, u := range updates {
		unsafe.Slice(array, len(updates))[i] = C.secscan_git_update{
			ref: m.text(u.Ref), old_id: m.text(u.OldID), new_id: m.text(u.NewID),
		}
	}
	return array
}

// ScanGit scans the repository at or above path. Findings come when the scan has
// been attributed. Each range over the result is a scan; to leave the loop ends
// it. options may be nil for the whole history.
func (s *Scanner) ScanGit(ctx context.Context, path string, options *GitOptions) iter.Seq2[Finding, error] {
	if options == nil {
		options = &GitOptions{}
	}
	return s.each(ctx, func(e *engine) C.int {
		var m memory
		defer m.free()
		cpath, c := m.string(path), options.inC(&m)
		if rc := m.check(&e.err); rc != 0 {
			return rc
		}
		return C.bridge_scan_git(e.c, cpath, c, e.h(), &e.err)
	})
}

// GitPolicy is the policy for such a scan: what is judged cannot hide itself.
func GitPolicy(path string, git *GitOptions, options *PolicyOptions) (*Policy, error) {
	if git == nil {
		git = &GitOptions{}
	}
	var m memory
	defer m.free()
	cpath := m.string(path)
	cgit := git.inC(&m)
	return newPolicy(&m, options, func(out **C.secscan_policy,
		c *C.secscan_policy_options, err *C.secscan_error) C.int {
		return C.secscan_git_policy(out, cpath, cgit, c, err)
	})
}
