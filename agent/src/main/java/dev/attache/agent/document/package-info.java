/** JSON, YAML, quoted text and the downward API's files, as Go's libraries read and print them. */
@NullMarked
package dev.attache.agent.document;

import org.jspecify.annotations.NullMarked;
