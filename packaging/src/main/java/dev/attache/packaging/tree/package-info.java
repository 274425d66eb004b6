/**
 * Makes the tree of an installed Attache, {@code target/dist}, from the launcher's folder and a
 * JDK: a runtime of the modules that are needed, jars of the classes that can be reached, natives
 * of one platform, licences. Runs at build time, on one thread, and is in no package that is
 * installed.
 */
@NullMarked
package dev.attache.packaging.tree;

import org.jspecify.annotations.NullMarked;
