/** What is asked of the token endpoint, and what it answers (RFC 6749 section 4.1.3, section 6). */
@NullMarked
package dev.attache.filters.http.oauth2.exchange;

import org.jspecify.annotations.NullMarked;
