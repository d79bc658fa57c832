package secscan

/*
#include "bridge.h"
*/
import "C"

import (
	"runtime"
	"unsafe"
)

// Rules are immutable, and may be used by any number of scanners and goroutines.
// The memory is freed when nothing refers to them any more.
type Rules struct {
	*rulesHandle
}

// rulesHandle is what copies of Rules share: it is collected, and freed, when none
// of them is left.
type rulesHandle struct {
	c *C.secscan_rules
}

// RulesOptions say how rules are read. The zero value is the default.
type RulesOptions struct {
	NoBuiltin bool // only what the files hold
	NoCache   bool // do not use the private cache of compiled rules
	Gitleaks  bool // read all files as gitleaks does
	Untrusted bool // the files come from who is being judged
	Strict    bool // an allowlist that matches nothing or everything is an error
	CacheDir  string
	Name      string   // what errors call the text of ParseRules
	Without   []string // ids of rules to leave out
	// ExtendRoot is the folder that "[extend] path" has to be below.
	ExtendRoot string
}

// LoadRules reads rule files, and joins them; without any they are the built-in
// rules.
func LoadRules(options *RulesOptions, paths ...string) (*Rules, error) {
	var m memory
	defer m.free()
	list, n := m.texts(paths), C.size_t(len(paths))
	return newRules(&m, options, func(out **C.secscan_rules,
		c *C.secscan_rules_options, err *C.secscan_error) C.int {
		return C.secscan_rules_load(out, list, n, c, err)
	})
}

// ParseRules reads rules from the text of a rule file.
func ParseRules(options *RulesOptions, toml string) (*Rules, error) {
	var m memory
	defer m.free()
	text := (*C.char)(m.keep(unsafe.Pointer(C.CString(toml))))
	return newRules(&m, options, func(out **C.secscan_rules,
		c *C.secscan_rules_options, err *C.secscan_error) C.int {
		return C.secscan_rules_parse(out, text, C.size_t(len(toml)), c, err)
	})
}

func newRules(m *memory, options *RulesOptions, make func(**C.secscan_rules,
	*C.secscan_rules_options, *C.secscan_error) C.int) (*Rules, error) {
	var c *C.secscan_rules_options
	if options != nil {
		c = options.inC(m)
	}
	var cerr C.secscan_error
	if rc := m.check(&cerr); rc != 0 {
		return nil, errorOf(rc, &cerr)
	}
	r := &rulesHandle{}
	if rc := make(&r.c, c, &cerr); rc != 0 {
		return nil, errorOf(rc, &cerr)
	}
	runtime.SetFinalizer(r, func(r *rulesHandle) { C.secscan_rules_free(r.c) })
	return &Rules{r}, nil
}

func flag(is bool, bit C.uint32_t) C.uint32_t {
	if is {
		return bit
	}
	return 0
}

func (o *RulesOptions) inC(m *memory) *C.secscan_rules_options {
	c := &C.secscan_rules_options{
		flags: flag(o.NoBuiltin, C.SECSCAN_RULES_NO_BUILTIN) |
			flag(o.NoCache, C.SECSCAN_RULES_NO_CACHE) |
			flag(o.Gitleaks, C.SECSCAN_RULES_GITLEAKS) |
			flag(o.Untrusted, C.SECSCAN_RULES_UNTRUSTED) |
			flag(o.Strict, C.SECSCAN_RULES_STRICT),
		cache_dir:   m.text(o.CacheDir),
		name:        m.text(o.Name),
		without:     m.texts(o.Without),
		n_without:   C.size_t(len(o.Without)),
		extend_root: m.text(o.ExtendRoot),
	}
	c.size = C.size_t(unsafe.Sizeof(*c))
	return c
}

// Len is the number of rules.
func (r *Rules) Len() int {
	defer runtime.KeepAlive(r)
	return int(C.secscan_rules_count(r.c))
}

// Version is a digest of the rules' text, 16 hex digits.
func (r *Rules) Version() string {
	defer runtime.KeepAlive(r)
	return C.GoString(C.secscan_rules_version(r.c))
}

// Notes are what a person should know of the rule files and what is no error.
func (r *Rules) Notes() []string {
	defer runtime.KeepAlive(r)
	var notes []string
	for {
		note := C.secscan_rules_note(r.c, C.size_t(len(notes)))
		if note == nil {
			return notes
		}
		notes = append(notes, C.GoString(note))
	}
}

// Rule is one rule as people see it.
type Rule struct {
	ID          string
	Description string
	Category    string
	Severity    Severity
	Evidence    Evidence // when no check says more
	Confidence  int      // 0 to 100, of a match that no check has raised
	Regex       string
	Path        string // regular expression on paths
	Grants      string // what somebody who has it can do
	Advice      string // how to revoke and rotate
	References  []string
	Aliases     []string
	Builtin     bool
	Preview     bool
}

// At is the i-th rule; it panics if there is none, as an index does.
func (r *Rules) At(i int) Rule {
	defer runtime.KeepAlive(r)
	var info C.secscan_rule_info
	if i < 0 || C.secscan_rules_at(r.c, C.size_t(i), &info) != 0 {
		panic("secscan: no rule has this index")
	}
	return goRuleOf(&info)
}

// Find looks a rule up by id or alias.
func (r *Rules) Find(id string) (Rule, bool) {
	defer runtime.KeepAlive(r)
	var info C.secscan_rule_info
	var m memory
	defer m.free()
	name := m.string(id)
	if m.hasNul || C.secscan_rules_find(r.c, name, &info) != 0 {
		return Rule{}, false
	}
	return goRuleOf(&info), true
}

func goRuleOf(c *C.secscan_rule_info) Rule {
	return Rule{
		ID:          C.GoString(c.id),
		Description: C.GoString(c.description),
		Category:    C.GoString(c.category),
		Severity:    Severity(c.severity),
		Evidence:    Evidence(c.evidence),
		Confidence:  int(c.confidence),
		Regex:       C.GoString(c.regex),
		Path:        C.GoString(c.path),
		Grants:      C.GoString(c.grants),
		Advice:      C.GoString(c.advice),
		References:  goStrings(c.references, c.n_references),
		Aliases:     goStrings(c.aliases, c.n_aliases),
		Builtin:     c.is_builtin != 0,
		Preview:     c.is_preview != 0,
	}
}
