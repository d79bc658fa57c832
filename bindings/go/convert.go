package secscan

/*
#include "bridge.h"
*/
import "C"

import (
	"time"
	"unsafe"
)

func goStrings(list **C.char, n C.size_t) []string {
	return convert(list, n, func(s **C.char) string { return C.GoString(*s) })
}

// convert makes Go's values of n C values; nil of none.
func convert[From, To any](list *From, n C.size_t, of func(*From) To) []To {
	if n == 0 {
		return nil
	}
	out := make([]To, n)
	from := unsafe.Slice(list, int(n))
	for i := range out {
		out[i] = of(&from[i])
	}
	return out
}

// goSecret copies bytes; nil of none.
func goSecret(b C.secscan_bytes) Secret {
	if b.len == 0 {
		return nil
	}
	return append(Secret(nil), unsafe.Slice((*byte)(unsafe.Pointer(b.data)), int(b.len))...)
}

func goPlaceOf(c *C.secscan_place) Place {
	return Place{
		Path:        C.GoString(c.path),
		FileLen:     int(c.file_len),
		Object:      C.GoString(c.object),
		Offset:      uint64(c.offset),
		LineStart:   int(c.line_start),
		LineEnd:     int(c.line_end),
		ColumnStart: int(c.column_start),
		ColumnEnd:   int(c.column_end),
		Source:      Source(c.source),
		Encodings:   goStrings(c.encodings, c.n_encodings),
	}
}

func goCommitOf(c *C.secscan_commit) Commit {
	zone := time.FixedZone("", int(c.author_offset)*60)
	return Commit{
		ID:          C.GoString(c.id),
		AuthorName:  C.GoString(c.author_name),
		AuthorEmail: C.GoString(c.author_email),
		Subject:     C.GoString(c.subject),
		AuthorTime:  time.Unix(int64(c.author_time), 0).In(zone),
		CommitTime:  time.Unix(int64(c.commit_time), 0).UTC(),
	}
}

func goIntroductionOf(c *C.secscan_introduction) Introduction {
	return Introduction{
		Commit:   goCommitOf(&c.commit),
		Place:    goPlaceOf(&c.place),
		Reach:    Reach(c.reach),
		Boundary: c.is_boundary != 0,
	}
}

func goPartOf(c *C.secscan_part) Part {
	return Part{
		Rule:         C.GoString(c.rule),
		Description:  C.GoString(c.description),
		Role:         C.GoString(c.role),
		Fingerprint:  C.GoString(c.fingerprint),
		Secret:       goSecret(c.secret),
		PublicPrefix: int(c.public_prefix),
		Place:        goPlaceOf(&c.place),
	}
}

func goSkipOf(c *C.secscan_skip) Skip {
	return Skip{
		Path:       C.GoString(c.path),
		Object:     C.GoString(c.object),
		Reason:     C.GoString(c.reason),
		Detail:     C.GoString(c.detail),
		Incomplete: c.is_incomplete != 0,
	}
}

func goFindingOf(c *C.secscan_finding) *Finding {
	f := &Finding{
		Rule:             C.GoString(c.rule),
		Description:      C.GoString(c.description),
		Category:         C.GoString(c.category),
		Advice:           C.GoString(c.advice),
		Fingerprint:      C.GoString(c.fingerprint),
		Reason:           C.GoString(c.reason),
		Severity:         Severity(c.severity),
		Evidence:         Evidence(c.evidence),
		Confidence:       int(c.confidence),
		Gates:            c.gates != 0,
		Secret:           goSecret(c.secret),
		Match:            goSecret(c.match),
		Line:             goSecret(c.line),
		Encoded:          goSecret(c.encoded),
		SecretAt:         int(c.secret_at),
		PublicPrefix:     int(c.public_prefix),
		Place:            goPlaceOf(&c.place),
		Places:           convert(c.places, c.n_places, goPlaceOf),
		Also:             goStrings(c.also, c.n_also),
		Parts:            convert(c.parts, c.n_parts, goPartOf),
		SuppressedBy:     C.GoString(c.suppressed_by),
		SuppressedReason: C.GoString(c.suppressed_reason),
	}
	addHistory(f, c)
	return f
}

func addHistory(f *Finding, c *C.secscan_finding) {
	f.Reach = Reach(c.reach)
	f.Introductions = convert(c.introductions, c.n_introductions, goIntroductionOf)
	f.Removals = convert(c.removals, c.n_removals, goCommitOf)
	f.Commits = uint64(c.n_commits)
	f.Paths = uint64(c.n_paths)
	f.InHead = c.in_head != 0
	f.Known = c.is_known != 0
	f.KnownPath = C.GoString(c.known_path)
	f.Submodule = C.GoString(c.submodule)
	f.Refs = goStrings(c.refs, c.n_refs_listed)
	f.RefCount = uint64(c.n_refs)
}
