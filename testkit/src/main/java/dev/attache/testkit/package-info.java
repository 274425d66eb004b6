/** Fakes and fixtures for tests. */
@NullMarked
package dev.attache.testkit;

import org.jspecify.annotations.NullMarked;
