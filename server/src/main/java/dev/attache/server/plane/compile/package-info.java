/**
 * What the stores have compiled, and where: the compilers by kind of resource ({@link
 * dev.attache.server.plane.compile.Compilers}), and the thread on which large resources become what
 * serves ({@link dev.attache.server.plane.compile.CompileThread}).
 */
@NullMarked
package dev.attache.server.plane.compile;

import org.jspecify.annotations.NullMarked;
