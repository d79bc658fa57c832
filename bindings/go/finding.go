package secscan

import (
	"fmt"
	"io"
	"time"
)

// Severity is what a credential would grant, were it alive.
type Severity int

// The severities.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
)

// Evidence is what makes a match a finding, weakest first.
type Evidence int

// The evidence. Checksum says that the form is right, never that the credential
// is alive.
const (
	Context   Evidence = iota // the words around it
	Pattern                   // the shape of one vendor's credential
	Structure                 // it decodes to what it should
	Checksum                  // a checksum inside it is right
)

// Source is what kind of thing a secret stands in.
type Source int

// The sources.
const (
	SourceBuffer Source = iota
	SourceFile
	SourceBlob
	SourceCommitMessage
	SourceAuthor
	SourceCommitter
	SourceTagMessage
	SourceTagger
	SourceNote
	SourceRef
	SourceReflog
	SourceCommitHeader
	SourceTagHeader
	SourceLFS
)

// Reach is how a history still reaches something, strongest first.
type Reach int

// The reaches.
const (
	ReachNone Reach = iota // not a history scan
	ReachRef
	ReachStash
	ReachReflog
	ReachUnreachable
)

const mask = "********"

// Secret is bytes that hold a credential. It prints, and marshals, as a mask,
// so that no log gets it by accident; Reveal gives what it is. Package fmt cannot
// call methods of what stands in a field that is not exported: there it prints
// the bytes.
type Secret []byte

// Reveal is the bytes themselves.
func (s Secret) Reveal() []byte { return s }

// Format writes a mask, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, mask) }

// String is a mask.
func (s Secret) String() string { return mask }

// GoString is a mask.
func (s Secret) GoString() string { return mask }

// MarshalText is a mask.
func (s Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }

// Place is where a secret stands. Lines and columns are 1-based, columns count
// code points, the end column is one past the last. Offset is in bytes.
type Place struct {
	Path        string // a member of a container is "outer.zip!inner/file"
	FileLen     int    // of a member: how many bytes of Path name the file
	Object      string // hex id, outside of git ""
	Offset      uint64
	LineStart   int
	LineEnd     int
	ColumnStart int
	ColumnEnd   int
	Source      Source
	Encodings   []string // how it is written there, outermost first
}

// Commit is a commit of a history.
type Commit struct {
	ID          string
	AuthorName  string
	AuthorEmail string
	Subject     string
	AuthorTime  time.Time // in the author's zone
	CommitTime  time.Time
}

// Introduction is a commit that brought a secret in, and where.
type Introduction struct {
	Commit   Commit
	Place    Place
	Reach    Reach
	Boundary bool // the border of a shallow clone: at or before this commit
}

// Part is what stands near a secret and belongs to it: a key's id, a user.
type Part struct {
	Rule         string
	Description  string
	Role         string
	Fingerprint  string
	Secret       Secret
	PublicPrefix int
	Place        Place
}

// Finding is one secret. Buffers, files, trees and the index have one for each
// place, in order; histories one for each secret.
type Finding struct {
	Rule         string
	Description  string
	Category     string
	Advice       string // how to revoke and rotate
	Fingerprint  string // of the secret alone
	Reason       string // why the evidence is what it is
	Severity     Severity
	Evidence     Evidence
	Confidence   int  // 0 to 100
	Gates        bool // it decides the exit code
	Secret       Secret
	Match        Secret // what the rule matched
	Line         Secret // the lines, at most 1,024 bytes around
	Encoded      Secret // what stands at Place when the secret is encoded there
	SecretAt     int    // offset of the secret in Line
	PublicPrefix int    // leading bytes of the secret that may be shown
	Place        Place  // the first
	Places       []Place
	Also         []string // other rules that matched here
	Parts        []Part

	// What hides it; SuppressedBy is "" when nothing does.
	SuppressedBy     string
	SuppressedReason string

	// Of histories and ranges.
	Reach         Reach
	Introductions []Introduction // none: it is in no commit
	Removals      []Commit
	Commits       uint64 // whose tree holds it
	Paths         uint64
	InHead        bool
	Known         bool // it was there before the range
	KnownPath     string
	Submodule     string
	Refs          []string // at most 100 of RefCount
	RefCount      uint64
}

// Masked is the secret with all hidden but the vendor's mark in front.
func (f *Finding) Masked() string {
	return string(f.Secret[:min(f.PublicPrefix, len(f.Secret))]) + mask
}
