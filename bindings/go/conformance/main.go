// Command conformance scans the cases of the conformance suite, and writes what
// it finds as docs/conformance.md has it:
//
//	conformance CASES OUT [SIZE]
//
// CASES/<case>/input is scanned under the name in CASES/<case>/name, and the
// findings are written to OUT/<case>.jsonl. With SIZE it comes from a reader,
// SIZE bytes at once.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"secscan.example/go/secscan"
)

// line has its fields in the order of the suite.
type line struct {
	Rule         string   `json:"rule"`
	Path         string   `json:"path"`
	LineStart    int      `json:"line_start"`
	ColumnStart  int      `json:"column_start"`
	LineEnd      int      `json:"line_end"`
	ColumnEnd    int      `json:"column_end"`
	Offset       uint64   `json:"offset"`
	Severity     string   `json:"severity"`
	Evidence     string   `json:"evidence"`
	Confidence   int      `json:"confidence"`
	Fingerprint  string   `json:"fingerprint"`
	SecretSHA256 string   `json:"secret_sha256"`
	Encodings    []string `json:"encodings"`
}

func lineOf(f *secscan.Finding) line {
	digest := sha256.Sum256(f.Secret.Reveal())
	return line{
		Rule:         f.Rule,
		Path:         f.Place.Path,
		LineStart:    f.Place.LineStart,
		ColumnStart:  f.Place.ColumnStart,
		LineEnd:      f.Place.LineEnd,
		ColumnEnd:    f.Place.ColumnEnd,
		Offset:       f.Place.Offset,
		Severity:     f.Severity.String(),
		Evidence:     f.Evidence.String(),
		Confidence:   f.Confidence,
		Fingerprint:  f.Fingerprint,
		SecretSHA256: hex.EncodeToString(digest[:]),
		Encodings:    append([]string{}, f.Place.Encodings...),
	}
}

// nameOf is the first line of the file `name`; a case without one is "input".
func nameOf(folder string) string {
	name, err := os.ReadFile(filepath.Join(folder, "name"))
	if err != nil {
		return "input"
	}
	first, _, _ := strings.Cut(string(name), "\n")
	return first
}

// pieces gives no more than size bytes at once.
type pieces struct {
	io.Reader
	size int
}

func (p pieces) Read(b []byte) (int, error) {
	return p.Reader.Read(b[:min(len(b), p.size)])
}

func scan(scanner *secscan.Scanner, name string, input []byte, size int) ([]secscan.Finding, error) {
	if size == 0 {
		return scanner.ScanNamed(context.Background(), name, input)
	}
	return scanner.ScanReader(context.Background(), name, pieces{bytes.NewReader(input), size})
}

func scanCase(scanner *secscan.Scanner, folder string, size int) ([]byte, error) {
	input, err := os.ReadFile(filepath.Join(folder, "input"))
	if err != nil {
		return nil, err
	}
	findings, err := scan(scanner, nameOf(folder), input, size)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for i := range findings {
		if err := encoder.Encode(lineOf(&findings[i])); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

func run(cases, out string, size int) error {
	rules, err := secscan.LoadRules(nil)
	if err != nil {
		return err
	}
	// The suite's scans are given nothing that opens containers.
	scanner, err := secscan.NewScanner(rules, &secscan.Options{NoContainers: true})
	if err != nil {
		return err
	}
	defer scanner.Close()
	folders, err := filepath.Glob(filepath.Join(cases, "*", "input"))
	if err != nil {
		return err
	}
	for _, input := range folders {
		folder := filepath.Dir(input)
		lines, err := scanCase(scanner, folder, size)
		if err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
		name := filepath.Join(out, filepath.Base(folder)+".jsonl")
		if err := os.WriteFile(name, lines, 0o666); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	size := 0
	if len(os.Args) == 4 {
		size, _ = strconv.Atoi(os.Args[3])
	}
	if len(os.Args) < 3 || len(os.Args) > 4 {
		fmt.Fprintln(os.Stderr, "usage: conformance CASES OUT [SIZE]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], size); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
