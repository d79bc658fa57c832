/*
 * git_header.h: what the header of a commit or a tag holds beyond what git
 * needs: merged tags, signatures, unknown lines, text behind a date.
 */
#ifndef SS_GIT_HEADER_H
#define SS_GIT_HEADER_H

#include "source/git_parse.h"

#include "base/buf.h"

/* The header (all before the message) with blanks for ids, dates, the people
 * that ss_git_*_parse gives and the body of signatures: offsets, lines and
 * columns are those of the object. Empty when nothing else is there. 0, or
 * SECSCAN_ERR_NOMEM. */
int ss_git_header_rest(ss_buf *out, ss_bytes object, size_t id_len);

#endif
