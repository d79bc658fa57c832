package secscan

/*
#include "bridge.h"
*/
import "C"

import (
	"context"
	"io"
	"iter"
	"runtime"
	"unsafe"
)

const maxSkipsKept = 1000

// Skip is something that was not scanned, and why.
type Skip struct {
	Path       string
	Object     string // hex id
	Reason     string // a fixed word: "unreadable", "too-large" ...
	Detail     string
	Incomplete bool // the scan is incomplete because of it
}

// incomplete counts what makes a scan incomplete.
type incomplete struct {
	err IncompleteError
}

func (i *incomplete) add(s *Skip) {
	if !s.Incomplete {
		return
	}
	i.err.Count++
	if len(i.err.Skips) < maxSkipsKept {
		i.err.Skips = append(i.err.Skips, *s)
	}
}

func (i *incomplete) error() error {
	if i.err.Count == 0 {
		return nil
	}
	return &i.err
}

// Scan scans a buffer. Findings are there beside an error, too: those before it.
func (s *Scanner) Scan(ctx context.Context, data []byte) ([]Finding, error) {
	return s.ScanNamed(ctx, "", data)
}

// ScanNamed scans a buffer under a name, which findings and rules for paths see.
func (s *Scanner) ScanNamed(ctx context.Context, name string, data []byte) ([]Finding, error) {
	return s.collect(ctx, func(e *engine) C.int {
		var m memory
		defer m.free()
		cname := m.text(name)
		if rc := m.check(&e.err); rc != 0 {
			return rc
		}
		p := (*C.char)(unsafe.Pointer(unsafe.SliceData(data)))
		return C.bridge_scan_buffer(e.c, cname, p, C.size_t(len(data)), e.h(), &e.err)
	})
}

// ScanReader scans all that a reader gives. An error of the reader is returned
// as it is.
func (s *Scanner) ScanReader(ctx context.Context, name string, r io.Reader) ([]Finding, error) {
	var failed error
	next := reading(r, &failed)
	findings, err := s.collect(ctx, func(e *engine) C.int {
		var m memory
		defer m.free()
		cname := m.text(name)
		if rc := m.check(&e.err); rc != 0 {
			return rc
		}
		return e.stream(cname, next)
	})
	if failed != nil {
		err = failed
	}
	return findings, err
}

// ScanFile scans a file, whose size does not matter to memory.
func (s *Scanner) ScanFile(ctx context.Context, path string) ([]Finding, error) {
	return s.collect(ctx, func(e *engine) C.int {
		var m memory
		defer m.free()
		cpath := m.string(path)
		if rc := m.check(&e.err); rc != 0 {
			return rc
		}
		return C.bridge_scan_file(e.c, cpath, e.h(), &e.err)
	})
}

// TreeOptions say what of a tree is scanned. The zero value is the default.
type TreeOptions struct {
	NoGitignore    bool // ignored files too
	FollowSymlinks bool // each file once
}

// ScanTree scans a folder or file, in parallel, in order of paths. Each range
// over the result is a scan; to leave the loop ends it.
func (s *Scanner) ScanTree(ctx context.Context, path string, options *TreeOptions) iter.Seq2[Finding, error] {
	c := C.secscan_tree_options{}
	c.size = C.size_t(unsafe.Sizeof(c))
	if options != nil {
		c.flags = flag(options.NoGitignore, C.SECSCAN_TREE_NO_GITIGNORE) |
			flag(options.FollowSymlinks, C.SECSCAN_TREE_FOLLOW_SYMLINKS)
	}
	return s.each(ctx, func(e *engine) C.int {
		var m memory
		defer m.free()
		cpath := m.string(path)
		if rc := m.check(&e.err); rc != 0 {
			return rc
		}
		return C.bridge_scan_tree(e.c, cpath, &c, e.h(), &e.err)
	})
}

// collect makes a scan and keeps what it finds.
func (s *Scanner) collect(ctx context.Context, call func(*engine) C.int) ([]Finding, error) {
	defer runtime.KeepAlive(s)
	e, err := s.pool.take()
	if err != nil {
		return nil, err
	}
	defer s.pool.put(e)

	var findings []Finding
	var left incomplete
	err = e.run(ctx, func(ev event) bool {
		if ev.skip != nil {
			left.add(ev.skip)
		} else {
			findings = append(findings, *ev.finding)
		}
		return true
	}, call)
	if err == nil {
		err = left.error()
	}
	return findings, err
}

// each makes a scan on a goroutine of its own, which waits for the loop. So no
// code of the caller's runs below C, which its panics, or runtime.Goexit, would
// cut short.
func (s *Scanner) each(ctx context.Context, call func(*engine) C.int) iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		defer runtime.KeepAlive(s)
		e, err := s.pool.take()
		if err != nil {
			yield(Finding{}, err)
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		events := make(chan event, 16)
		go func() {
			err = e.run(ctx, sending(ctx, events), call)
			close(events)
		}()
		defer func() {
			cancel()
			for range events { // until the scan has ended
			}
			s.pool.put(e)
		}()
		deliver(yield, events, &err)
	}
}

func sending(ctx context.Context, events chan<- event) func(event) bool {
	return func(ev event) bool {
		select {
		case events <- ev:
			return true
		case <-ctx.Done():
			return false
		}
	}
}

// deliver yields what a scan tells, and then its error, which is known when
// events are closed.
func deliver(yield func(Finding, error) bool, events <-chan event, failed *error) {
	var left incomplete
	for ev := range events {
		if ev.skip != nil {
			left.add(ev.skip)
		} else if !yield(*ev.finding, nil) {
			return
		}
	}
	err := *failed
	if err == nil {
		err = left.error()
	}
	if err != nil {
		yield(Finding{}, err)
	}
}

// reading gives what a reader gives, and whether there may be more; its error is
// put in *failed.
func reading(r io.Reader, failed *error) func() ([]byte, bool) {
	buffer := make([]byte, 64<<10)
	return func() ([]byte, bool) {
		n, err := r.Read(buffer)
		// Not errors.Is: an io.EOF inside of another error is no end, but what
		// cut short something that had more.
		if err != nil && err != io.EOF {
			*failed = err
		}
		return buffer[:n], err == nil
	}
}

// stream scans what `next` gives, until there is no more. A stream that was begun
// is ended, whatever happens: `next` is a reader's, and may panic.
func (e *engine) stream(name *C.char, next func() ([]byte, bool)) C.int {
	rc := C.bridge_stream_begin(e.c, name, e.h(), &e.err)
	if rc != 0 {
		return rc
	}
	isFed := false
	defer func() {
		if !isFed {
			var ignored C.secscan_error
			C.secscan_stream_end(e.c, &ignored)
		}
	}()
	if rc = e.feed(next); rc != 0 {
		return rc
	}
	isFed = true
	return C.secscan_stream_end(e.c, &e.err)
}

func (e *engine) feed(next func() ([]byte, bool)) C.int {
	for {
		if e.ctx.Err() != nil {
			return C.SECSCAN_STOPPED
		}
		piece, isMore := next()
		p := unsafe.Pointer(unsafe.SliceData(piece))
		if rc := C.secscan_stream_feed(e.c, p, C.size_t(len(piece)), &e.err); rc != 0 {
			return rc
		}
		if !isMore {
			return 0
		}
	}
}
