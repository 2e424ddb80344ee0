/* icuuc.dll for the Wine prefix: Qt6Core imports these names, and Wine lacks the library.
 *
 * `ucnv_open` reports an error, so that Qt falls back to its own converters and calls none of the others.
 */
#define EXPORT __declspec(dllexport)
#define FILE_ACCESS_ERROR 4 /* U_FILE_ACCESS_ERROR of ICU */
#define NOTHING(name) EXPORT void name(void) {}
#define ZERO(name) EXPORT int name(void) { return 0; }
#define NULL_POINTER(name) EXPORT void *name(void) { return 0; }

EXPORT void *ucnv_open(const char *name, int *error)
{
    (void)name;
    if (error)
        *error = FILE_ACCESS_ERROR;
    return 0;
}

NOTHING(ucnv_close)
NOTHING(ucnv_reset)
NOTHING(ucnv_toUnicode)
NOTHING(ucnv_fromUnicode)
NOTHING(ucnv_cbToUWriteUChars)
NOTHING(ucnv_cbFromUWriteUChars)
NOTHING(ucnv_setToUCallBack)
NOTHING(ucnv_setFromUCallBack)
NOTHING(ucnv_getToUCallBack)
NOTHING(ucnv_getFromUCallBack)
NOTHING(UCNV_TO_U_CALLBACK_SUBSTITUTE)
NOTHING(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
ZERO(ucnv_getMaxCharSize)
ZERO(ucnv_toUCountPending)
ZERO(ucnv_fromUCountPending)
ZERO(ucnv_countAvailable)
NULL_POINTER(ucnv_getName)
NULL_POINTER(ucnv_getStandardName)
NULL_POINTER(ucnv_getAvailableName)

int __stdcall DllMain(void *module, unsigned long reason, void *reserved)
{
    (void)module, (void)reason, (void)reserved;
    return 1;
}
