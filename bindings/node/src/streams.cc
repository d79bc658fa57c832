/*
 * streams.cc: std::cout and its like, as libraries find them that are loaded
 * with RTLD_DEEPBIND.
 *
 * A program that names std::cout has a copy of it of its own, and that one is
 * constructed; the libraries that look into libstdc++ first find the original,
 * which nobody has constructed. qpdf flushes it when the process ends. Here the
 * originals become streams that write nowhere, as is right for a library. No
 * output of Node's is touched.
 */
#include <iostream>
#include <new>

namespace
{

bool is_made(const void *stream)
{
    return *static_cast<void *const *>(stream) != nullptr;
}

template <class Stream> void make(Stream &stream)
{
    if (!is_made(&stream))
        new (&stream) Stream(nullptr);
}

/* Once a process, while the addon is loaded: under the loader's lock. */
const bool are_made = [] {
    make(std::cin);
    make(std::cout);
    make(std::cerr);
    make(std::clog);
    make(std::wcin);
    make(std::wcout);
    make(std::wcerr);
    make(std::wclog);
    return true;
}();

} // namespace
