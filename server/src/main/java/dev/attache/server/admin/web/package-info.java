/**
 * The page for people, {@code /ui/} of the admin port: its files, which are read from the jar when
 * they are asked for, and the data that it asks for again and again, made so that asking costs
 * little however many clusters there are. What a page of Envoy already tells it reads there. On the
 * admin thread, but for what says otherwise. See {@code docs/web.md}.
 */
@NullMarked
package dev.attache.server.admin.web;

import org.jspecify.annotations.NullMarked;
