package secscan

/*
#include "bridge.h"
*/
import "C"

// Version is that of the library which is linked, as "0.1.0".
func Version() string { return C.GoString(C.secscan_version()) }

func (s Severity) String() string {
	return C.GoString(C.secscan_severity_name(C.int(s)))
}

func (e Evidence) String() string {
	return C.GoString(C.secscan_evidence_name(C.int(e)))
}

func (s Source) String() string {
	return C.GoString(C.secscan_source_name(C.int(s)))
}

func (r Reach) String() string {
	return C.GoString(C.secscan_reach_name(C.int(r)))
}
