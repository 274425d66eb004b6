/** JSON as the admin interface writes it, a piece at a time. */
@NullMarked
package dev.attache.server.admin.message.json;

import org.jspecify.annotations.NullMarked;
