/* Stands for the program in tests of the starter and the installer: says which version folder it runs from.
 *
 *   fake [ARGUMENT…]     print the folder's name, each argument in brackets, and an inherited _PYI_ variable
 *   fake hold FILE       hold the program's mutex, write FILE, and run until FILE is gone
 *   fake status N …      print the same, and end with status N
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static void print(const wchar_t *text)
{
    static char bytes[100000];
    DWORD written;
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), bytes, size - 1, &written, NULL);
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), "\n", 1, &written, NULL);
}

static void print_folder(void)
{
    static wchar_t path[32768];
    GetModuleFileNameW(NULL, path, 32768);
    *wcsrchr(path, L'\\') = L'\0';
    print(wcsrchr(path, L'\\') + 1);
}

static void hold(const wchar_t *file)
{
    HANDLE made;
    CreateMutexW(NULL, FALSE, L"BonifiQDesktopRunning");
    made = CreateFileW(file, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CloseHandle(made);
    while (GetFileAttributesW(file) != INVALID_FILE_ATTRIBUTES)
        Sleep(50);
}

int wmain(int count, wchar_t **arguments)
{
    print_folder();
    for (int i = 1; i < count; i++) {
        static wchar_t shown[32768];
        _snwprintf(shown, 32767, L"[%ls]", arguments[i]);
        print(shown);
    }
    if (_wgetenv(L"_PYI_ARCHIVE_FILE") != NULL)
        print(L"_PYI_ARCHIVE_FILE is set");
    if (count > 2 && wcscmp(arguments[1], L"hold") == 0)
        hold(arguments[2]);
    return count > 2 && wcscmp(arguments[1], L"status") == 0 ? _wtoi(arguments[2]) : 0;
}
