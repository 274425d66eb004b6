/** What commands have in common: flags, help, where they print to, exit codes. */
@NullMarked
package dev.attache.console.command;

import org.jspecify.annotations.NullMarked;
