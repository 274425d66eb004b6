package dev.attache.proxy.engine;

import java.util.concurrent.CompletableFuture;

/**
 * A snapshot on its way to the workers.
 *
 * @param atOnce what could not be opened for the process or bound; known before any worker is asked
 * @param adopted completes when every worker has moved on and what is gone is closed, with what the
 *     workers could not open; on the engine's {@link EngineOptions#publisher}
 */
public record Publication(PublishResult atOnce, CompletableFuture<PublishResult> adopted) {}
