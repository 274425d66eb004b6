package dev.attache.proxy.engine;

import dev.attache.proxy.listener.ListenSockets;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.listener.OpenListener;

/** A listener that serves: its version and its sockets. Publishing thread only. */
record LiveListener(ListenerSpec spec, OpenListener open, ListenSockets sockets) {}
