/**
 * Why a request goes where it goes, for people and programs: reads what is asked about, asks the
 * engine, prints what it says as JSON or text. What decides, and says why, is the code that serves
 * ({@code dev.attache.proxy}); nothing is matched here.
 */
@NullMarked
package dev.attache.server.explain;

import org.jspecify.annotations.NullMarked;
