/*
 * no_net.c: keep libgit2's network code out of the program.
 *
 * secscan never opens a connection. When libgit2 is linked as an archive, these
 * definitions come before its own, so that the members with HTTP, TLS and SSH
 * are not linked, nor the twenty shared libraries that they need: loading and
 * initialising takes 0.8 ms instead of 3, and there is nothing that could
 * connect. What is called at start says "done"; the rest is never called and
 * says "failed". cmake/libgit2.cmake tries whether the installed libgit2 can be
 * linked so.
 */
#include <stdbool.h>

bool git_http__expect_continue;

int git_mbedtls_stream_global_init(void);
int git_transport_ssh_global_init(void);
int git_mbedtls__set_cert_location(void);
int git_mbedtls_stream_new(void);
int git_mbedtls_stream_wrap(void);
int git_smart_subtransport_http(void);
int git_smart_subtransport_ssh(void);
int git_transport_ssh_with_paths(void);
int git_http_auth_negotiate(void);
int http_parser_parse_url(void);

int git_mbedtls_stream_global_init(void)
{
    return 0;
}

int git_transport_ssh_global_init(void)
{
    return 0;
}

int git_mbedtls__set_cert_location(void)
{
    return -1;
}

int git_mbedtls_stream_new(void)
{
    return -1;
}

int git_mbedtls_stream_wrap(void)
{
    return -1;
}

int git_smart_subtransport_http(void)
{
    return -1;
}

int git_smart_subtransport_ssh(void)
{
    return -1;
}

int git_transport_ssh_with_paths(void)
{
    return -1;
}

int git_http_auth_negotiate(void)
{
    return -1;
}

int http_parser_parse_url(void)
{
    return -1;
}
