/**
 * Shows messages to an external processor and does with them what it says, {@code
 * envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor} with {@code ExtProcPerRoute}
 * (Envoy's page: "External Processing").
 *
 * <p>{@link dev.attache.filters.http.ext_proc.ExtProcFilter} is one stream's filter. Each direction
 * is a {@link dev.attache.filters.http.ext_proc.Side}, which knows what it waits for, and a {@link
 * dev.attache.filters.http.ext_proc.SideAnswers}, which does what answers say. Questions are
 * written by {@link dev.attache.filters.http.ext_proc.QuestionWriter}, answers read by {@link
 * dev.attache.filters.http.ext_proc.AnswerWire}.
 */
@NullMarked
package dev.attache.filters.http.ext_proc;

import org.jspecify.annotations.NullMarked;
