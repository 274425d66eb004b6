/**
 * Envoy's API as one table: messages, fields, enum values and constraints of the version that this
 * build knows, and what reads and writes messages by it. The build makes the table from the
 * descriptors of the message classes and from {@code src/main/api}, which describes what is newer
 * than they are; at run time nothing here touches a descriptor, except for a message class of a
 * user that the table does not have.
 */
@NullMarked
package dev.attache.api;

import org.jspecify.annotations.NullMarked;
