/**
 * The extensions that users' jars bring. Each jar, or directory of jars, has a class loader of its
 * own ({@link dev.attache.config.extension.jar.JarClassLoader}) over a copy of its bytes in memory,
 * so that it can be replaced while its older generations still serve, and whatever is done to the
 * file. {@link dev.attache.config.extension.jar.UserExtensions} knows what is loaded.
 */
@NullMarked
package dev.attache.config.extension.jar;

import org.jspecify.annotations.NullMarked;
