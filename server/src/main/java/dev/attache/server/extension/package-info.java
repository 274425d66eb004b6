/**
 * New versions of users' jars, while the server runs: noticed, loaded, tried out with all that uses
 * them, and put to work ({@link dev.attache.server.extension.ExtensionReload}).
 */
@NullMarked
package dev.attache.server.extension;

import org.jspecify.annotations.NullMarked;
