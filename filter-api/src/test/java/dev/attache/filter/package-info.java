@NullMarked
package dev.attache.filter;

import org.jspecify.annotations.NullMarked;
