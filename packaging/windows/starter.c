/* The starter of BonifiQ Desktop: starts the program in versions\NAME, as current.txt beside it says.
 *
 * One source, two starters of one program: -DWINDOW makes the one for the icon, which opens no console window, counts
 * the starts of a new version, and goes back to the version before when two starts reported no success. The other one
 * is for a terminal; it never changes a file. docs/adr/0009-version-folders.md has the layout and the rules; packaging/linux/starter.sh is the same in sh.
 *
 *   current.txt           the version in use, the version before, and "failed" after the starter went back
 *   starts\NAME.started   one byte per counted start of a version that never reported a good one
 *   starts\NAME.good      one byte per good start, written by the program (services/installed_versions.py)
 */
#include <windows.h>
#include <stdarg.h>
#include <wchar.h>

#ifdef WINDOW
#define CREATION_FLAGS CREATE_NO_WINDOW /* the program is one for consoles: Windows would open one */
#else
#define CREATION_FLAGS 0
#endif

#define PROGRAM L"bonifiq-desktop.exe"
#define TITLE L"BonifiQ Desktop"
#define NOT_STARTED                                                                                                    \
    L"O BonifiQ Desktop n\u00e3o p\u00f4de ser aberto: falta uma parte do programa. Instale de novo.\r\n"                          \
    L"O hist\u00f3rico e os ajustes deste caixa continuam guardados."

enum { PATH_SIZE = 32768, NAME_SIZE = 64, ALLOWED_FAILURES = 2, EXIT_NOT_STARTED = 1 };

typedef struct {
    wchar_t current[NAME_SIZE];
    wchar_t previous[NAME_SIZE];
} Versions;

static wchar_t root[PATH_SIZE];
static wchar_t path[PATH_SIZE];
static wchar_t command_line[PATH_SIZE];

/* --- paths and names */

/* Join texts, up to a NULL, in `into`; an empty text when they do not fit. */
static wchar_t *join(wchar_t *into, ...)
{
    va_list parts;
    const wchar_t *part;
    size_t used = 0;
    va_start(parts, into);
    while ((part = va_arg(parts, const wchar_t *)) != NULL) {
        size_t length = wcslen(part);
        if (used + length >= PATH_SIZE) {
            used = 0;
            break;
        }
        wmemcpy(into + used, part, length);
        used += length;
    }
    va_end(parts);
    into[used] = L'\0';
    return into;
}

/* The starter's own folder. */
static void find_root(void)
{
    GetModuleFileNameW(NULL, root, PATH_SIZE);
    wchar_t *end = wcsrchr(root, L'\\');
    if (end != NULL)
        *end = L'\0';
}

static wchar_t *program_of(const wchar_t *name)
{
    return join(path, root, L"\\versions\\", name, L"\\" PROGRAM, NULL);
}

static BOOL exists(const wchar_t *file)
{
    DWORD found = GetFileAttributesW(file);
    return found != INVALID_FILE_ATTRIBUTES && !(found & FILE_ATTRIBUTE_DIRECTORY);
}

static BOOL has_program(const wchar_t *name)
{
    return *name != L'\0' && exists(program_of(name));
}

/* Whether a character may be part of a folder's name: none that leads to another folder. */
static BOOL is_name_character(char each, size_t position)
{
    return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (position > 0 && (each == '.' || each == '-' || each == '+' || each == '_'));
}

/* --- current.txt */

/* Read one line's name; empty when it is no usable name. Return the rest of the text. */
static const char *read_name(const char *text, wchar_t *name)
{
    size_t length = 0;
    while (length < NAME_SIZE - 1 && is_name_character(text[length], length)) {
        name[length] = (wchar_t)text[length];
        length++;
    }
    if (text[length] != '\r' && text[length] != '\n' && text[length] != '\0')
        length = 0;
    name[length] = L'\0';
    text += strcspn(text, "\n");
    return *text == '\n' ? text + 1 : text;
}

static Versions read_versions(void)
{
    char text[4 * NAME_SIZE] = "";
    DWORD size = 0;
    Versions found;
    HANDLE file = CreateFileW(join(path, root, L"\\current.txt", NULL), GENERIC_READ,
                              FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    if (file != INVALID_HANDLE_VALUE) {
        ReadFile(file, text, sizeof text - 1, &size, NULL);
        CloseHandle(file);
    }
    text[size] = '\0';
    read_name(read_name(text, found.current), found.previous);
    return found;
}

/* Any version whose program is there: the last resort when current.txt or both of its folders are lost. */
static BOOL find_any_version(wchar_t *name)
{
    WIN32_FIND_DATAW found;
    BOOL is_found = FALSE;
    HANDLE search = FindFirstFileW(join(path, root, L"\\versions\\*", NULL), &found);
    if (search == INVALID_HANDLE_VALUE)
        return FALSE;
    do {
        /* A name with a suffix is being written or removed by setup or by the program. */
        if (found.cFileName[0] != L'.' && wcslen(found.cFileName) < NAME_SIZE && wcsstr(found.cFileName, L".new") == NULL &&
            wcsstr(found.cFileName, L".old") == NULL && has_program(found.cFileName)) {
            wcscpy(name, found.cFileName);
            is_found = TRUE;
        }
    } while (!is_found && FindNextFileW(search, &found));
    FindClose(search);
    return is_found;
}

#ifdef WINDOW
/* Replace current.txt: power that fails leaves the old file or the new one. */
static BOOL write_versions(const Versions *versions)
{
    static wchar_t fresh[PATH_SIZE];
    char text[4 * NAME_SIZE];
    DWORD written = 0;
    int size = wsprintfA(text, "%ls\n%ls\nfailed\n", versions->current, versions->previous);
    BOOL is_whole;
    HANDLE file = CreateFileW(join(fresh, root, L"\\current.txt.starter", NULL), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    is_whole = WriteFile(file, text, (DWORD)size, &written, NULL) && FlushFileBuffers(file);
    CloseHandle(file);
    return is_whole && MoveFileExW(fresh, join(path, root, L"\\current.txt", NULL),
                                   MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
}

/* --- counted starts */

/* The lock that tells other starters that a counted start is under way; far behind the bytes that are counted. */
static const DWORD LOCK_OFFSET = 0x40000000;

static wchar_t *mark_of(const wchar_t *name, const wchar_t *kind)
{
    return join(path, root, L"\\starts\\", name, kind, NULL);
}

/* How many bytes a mark has; 0 when there is none. */
static DWORD count_of(const wchar_t *name, const wchar_t *kind)
{
    WIN32_FILE_ATTRIBUTE_DATA found;
    return GetFileAttributesExW(mark_of(name, kind), GetFileExInfoStandard, &found) ? found.nFileSizeLow : 0;
}

static BOOL has_failed(const wchar_t *name)
{
    return count_of(name, L".good") == 0 && count_of(name, L".started") >= ALLOWED_FAILURES;
}

/* Open the count of a version and lock it until this process ends. NULL while another start of it is under way. */
static HANDLE lock_count(const wchar_t *name)
{
    HANDLE file;
    CreateDirectoryW(join(path, root, L"\\starts", NULL), NULL);
    file = CreateFileW(mark_of(name, L".started"), FILE_APPEND_DATA | SYNCHRONIZE | FILE_READ_DATA,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL,
                       NULL);
    if (file != INVALID_HANDLE_VALUE && LockFile(file, LOCK_OFFSET, 0, 1, 0))
        return file;
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    return NULL;
}

static void count_start(HANDLE file)
{
    DWORD written;
    if (file != NULL && WriteFile(file, "?", 1, &written, NULL))
        FlushFileBuffers(file);
}

/* Make the version before the current one, and remember that it was not a person's choice. */
static void go_back(Versions *versions)
{
    Versions swapped;
    wcscpy(swapped.current, versions->previous);
    wcscpy(swapped.previous, versions->current);
    write_versions(&swapped); /* when a program holds the file, the next start tries again */
    *versions = swapped;
}

/* Go back when the current version failed; count the start of one that never reported a good one. */
static void decide(Versions *versions)
{
    HANDLE count;
    if (count_of(versions->current, L".good") > 0)
        return;
    count = lock_count(versions->current);
    if (count != NULL && has_failed(versions->current) && has_program(versions->previous) &&
        !has_failed(versions->previous)) {
        CloseHandle(count);
        go_back(versions);
        count = count_of(versions->current, L".good") > 0 ? NULL : lock_count(versions->current);
    }
    count_start(count);
}

/* Whether a start tells about the version: practice and commands leave the shop's history closed. */
static BOOL is_counted(int count, wchar_t **arguments)
{
    static const wchar_t *const other[] = {L"--training",  L"--quit-when-ready", L"--version", L"--help",          L"-h",
                                           L"tour",        L"history",           L"doctor",    L"training-server", L"connections"};
    for (int i = 1; i < count; i++)
        for (size_t j = 0; j < sizeof other / sizeof *other; j++)
            if (wcscmp(arguments[i], other[j]) == 0)
                return FALSE;
    return TRUE;
}
#endif

/* --- starting the program */

/* The arguments as they were given: everything behind this program's own name in the command line. */
static const wchar_t *given_arguments(void)
{
    const wchar_t *rest = GetCommandLineW();
    BOOL is_quoted = FALSE;
    while (*rest != L'\0' && (is_quoted || (*rest != L' ' && *rest != L'\t'))) {
        if (*rest == L'"')
            is_quoted = !is_quoted;
        rest++;
    }
    return rest;
}

/* Remove the variables of a packaged program that started this one: the new program would take that one's folder. */
static void clear_inherited_variables(void)
{
    wchar_t *block = GetEnvironmentStringsW();
    static wchar_t name[PATH_SIZE];
    for (wchar_t *each = block; each != NULL && *each != L'\0'; each += wcslen(each) + 1) {
        if (wcsncmp(each, L"_PYI_", 5) == 0) {
            size_t length = wcscspn(each, L"=");
            if (length < PATH_SIZE) {
                wmemcpy(name, each, length);
                name[length] = L'\0';
                SetEnvironmentVariableW(name, NULL);
            }
        }
    }
    if (block != NULL)
        FreeEnvironmentStringsW(block);
}

/* Ctrl+C is the program's; the starter waits for its exit status. */
static BOOL WINAPI leave_to_program(DWORD event)
{
    (void)event;
    return TRUE;
}

static BOOL start(const wchar_t *name, PROCESS_INFORMATION *process)
{
    STARTUPINFOW startup;
    if (!has_program(name))
        return FALSE;
    join(command_line, L"\"", path, L"\"", given_arguments(), NULL);
    GetStartupInfoW(&startup);
    startup.lpReserved = NULL;
    startup.cbReserved2 = 0;
    startup.lpReserved2 = NULL;
    startup.dwFlags = (startup.dwFlags & STARTF_USESHOWWINDOW) | STARTF_USESTDHANDLES;
    startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    return *command_line != L'\0' &&
           CreateProcessW(path, command_line, NULL, NULL, TRUE, CREATION_FLAGS, NULL, NULL, &startup, process);
}

static void report_not_started(void)
{
#ifdef WINDOW
    MessageBoxW(NULL, NOT_STARTED, TITLE, MB_OK | MB_ICONERROR);
#else
    char text[1024];
    DWORD written;
    int size = WideCharToMultiByte(CP_UTF8, 0, TITLE L": " NOT_STARTED L"\r\n", -1, text, sizeof text, NULL, NULL);
    if (size > 0)
        WriteFile(GetStdHandle(STD_ERROR_HANDLE), text, (DWORD)size - 1, &written, NULL);
#endif
}

/* Start the version in use, else the one before, else any. */
static BOOL start_any(Versions *versions, PROCESS_INFORMATION *process)
{
    wchar_t any[NAME_SIZE];
    if (start(versions->current, process))
        return TRUE;
    if (start(versions->previous, process)) {
#ifdef WINDOW
        go_back(versions);
#endif
        return TRUE;
    }
    return find_any_version(any) && start(any, process);
}

int wmain(int count, wchar_t **arguments)
{
    PROCESS_INFORMATION process;
    Versions versions;
    DWORD status = EXIT_NOT_STARTED;
    find_root();
    clear_inherited_variables();
    SetConsoleCtrlHandler(leave_to_program, TRUE);
    versions = read_versions();
#ifdef WINDOW
    if (is_counted(count, arguments) && has_program(versions.current))
        decide(&versions);
#else
    (void)count, (void)arguments;
#endif
    if (!start_any(&versions, &process)) {
        report_not_started();
        return EXIT_NOT_STARTED;
    }
    AllowSetForegroundWindow(process.dwProcessId); /* else the window opens behind the one in use */
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return (int)status;
}
