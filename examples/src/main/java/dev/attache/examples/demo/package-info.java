/** The demo. */
@NullMarked
package dev.attache.examples.demo;

import org.jspecify.annotations.NullMarked;
