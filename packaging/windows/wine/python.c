/* python.exe for the toolchain: python313.dll has the whole interpreter. */
#include <wchar.h>

int Py_Main(int count, wchar_t **arguments);

int wmain(int count, wchar_t **arguments)
{
    return Py_Main(count, arguments);
}
