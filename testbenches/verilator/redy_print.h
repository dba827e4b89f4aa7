// Included before everything else in every compilation: the Verilator runtime prints through redy_printf, so that what the
// Verilog says ($display, failed assertions) reaches the program as text instead of its standard output.
#ifndef REDY_PRINT_H
#define REDY_PRINT_H
int redy_printf(const char* format, ...) __attribute__((format(printf, 1, 2)));
#define VL_PRINTF redy_printf
#define VL_USER_FINISH
#define VL_USER_STOP
#define VL_USER_FATAL
#define VL_USER_WARN
#endif
