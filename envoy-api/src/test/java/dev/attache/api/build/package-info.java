@NullMarked
package dev.attache.api.build;

import org.jspecify.annotations.NullMarked;
