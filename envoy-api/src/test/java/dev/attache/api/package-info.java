@NullMarked
package dev.attache.api;

import org.jspecify.annotations.NullMarked;
