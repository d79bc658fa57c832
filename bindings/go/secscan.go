// Package secscan finds committed credentials: in buffers, streams, files, trees
// and git histories. It links the C library libsecscan.
//
//	scanner, err := secscan.New()
//	...
//	findings, err := scanner.Scan(ctx, data)
//
// A [Scanner] may be used by any number of goroutines. There is no global
// state, and nothing is sent anywhere.
//
// A scan that could not read all it was asked to delivers what it found, and
// then an [IncompleteError], so that who stops at errors fails closed.
//
// The build tag secscan_nogit leaves out ScanGit and libsecscan-git with the
// libraries it links. libsecscan-containers is loaded when the first container
// (an archive, a database, a document) appears.
package secscan

/*
#cgo pkg-config: secscan
#include "bridge.h"
*/
import "C"

import (
	"runtime"
	"slices"
	"unsafe"
)

// Profile says which findings gate ([Finding.Gates]).
type Profile int

// The profiles.
const (
	ProfileReport Profile = iota // all that is worth a look
	ProfileBlock                 // what may stop a person's commit or push
	ProfileStrict                // hygiene too
)

// Options of a [Scanner]. The zero value is the default.
type Options struct {
	Threads        int // for trees and histories; 0: one a processor
	Profile        Profile
	MinSeverity    Severity
	MinEvidence    Evidence
	MinConfidence  int
	Categories     []string // only these; none: all
	NotCategories  []string
	ShowSuppressed bool // deliver what a mark hides, too
	NoSuppress     bool // marks hide nothing
	NewOnly        bool // leave out what was there before a range
	NoDecode       bool // encodings are plain text
	NoContainers   bool // containers are plain bytes
	EveryPlace     bool // what is found plainly where it is encoded, too: to mask
	MaxFileSize    uint64
	MaxObjectSize  uint64
	FingerprintKey Secret // 16 to 64 bytes; nil: the public key
	Policy         *Policy
}

// clone has lists of its own: engines are made while the scanner is used, when
// the caller may have wiped the key.
func (o *Options) clone() Options {
	c := *o
	c.Categories = slices.Clone(o.Categories)
	c.NotCategories = slices.Clone(o.NotCategories)
	c.FingerprintKey = slices.Clone(o.FingerprintKey)
	return c
}

func (o *Options) inC(m *memory) *C.secscan_scan_options {
	c := &C.secscan_scan_options{
		threads: C.uint32_t(o.Threads),
		flags: flag(o.ShowSuppressed, C.SECSCAN_SCAN_SHOW_SUPPRESSED) |
			flag(o.NoSuppress, C.SECSCAN_SCAN_NO_SUPPRESS) |
			flag(o.NewOnly, C.SECSCAN_SCAN_NEW_ONLY) |
			flag(o.NoDecode, C.SECSCAN_SCAN_NO_DECODE) |
			flag(o.NoContainers, C.SECSCAN_SCAN_NO_CONTAINERS) |
			flag(o.EveryPlace, C.SECSCAN_SCAN_EVERY_PLACE),
		max_file_size:       C.uint64_t(o.MaxFileSize),
		max_object_size:     C.uint64_t(o.MaxObjectSize),
		fingerprint_key:     m.bytes(o.FingerprintKey),
		fingerprint_key_len: C.size_t(len(o.FingerprintKey)),
		profile:             C.uint32_t(o.Profile),
		min_severity:        C.uint32_t(o.MinSeverity),
		min_evidence:        C.uint32_t(o.MinEvidence),
		min_confidence:      C.uint32_t(o.MinConfidence),
		categories:          m.texts(o.Categories),
		n_categories:        C.size_t(len(o.Categories)),
		not_categories:      m.texts(o.NotCategories),
		n_not_categories:    C.size_t(len(o.NotCategories)),
		opener:              (*[0]byte)(C.secscan_load_containers),
	}
	c.size = C.size_t(unsafe.Sizeof(*c))
	if o.Policy != nil {
		c.policy = o.Policy.c
	}
	return c
}

// Scanner scans. It is safe for use by several goroutines: each scan that runs
// has an engine of its own, and those are kept for the next ones.
type Scanner struct {
	pool *pool
}

// New makes a scanner from rule files; without any it has the built-in rules.
func New(rules ...string) (*Scanner, error) {
	loaded, err := LoadRules(nil, rules...)
	if err != nil {
		return nil, err
	}
	return NewScanner(loaded, nil)
}

// NewScanner makes a scanner from rules that are loaded. Wrong options are an
// error here, not of the first scan.
func NewScanner(rules *Rules, options *Options) (*Scanner, error) {
	p := &pool{rules: rules}
	if options != nil {
		p.options = options.clone()
	}
	first, err := newEngine(rules, &p.options)
	if err != nil {
		return nil, err
	}
	p.put(first)
	runtime.SetFinalizer(p, (*pool).close)
	return &Scanner{pool: p}, nil
}

// Rules are what the scanner was made from.
func (s *Scanner) Rules() *Rules { return s.pool.rules }

// Close frees the memory outside of Go's heap; scans that run are finished.
// Without it that happens when the scanner is collected. Always nil.
func (s *Scanner) Close() error {
	runtime.SetFinalizer(s.pool, nil)
	s.pool.close()
	return nil
}
