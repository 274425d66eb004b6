/**
 * The administration interface on the wire: requests as read and admitted, answers as written, a
 * piece at a time as the socket takes them. On the admin loop.
 */
@NullMarked
package dev.attache.server.admin.http;

import org.jspecify.annotations.NullMarked;
