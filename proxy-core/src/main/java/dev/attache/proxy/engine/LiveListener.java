package dev.attache.proxy.engine;

import dev.attache.proxy.listener.ListenSockets;
import dev.attache.proxy.listener.OpenListener;
import dev.attache.proxy.listener.spec.ListenerSpec;

/** A listener that serves: its version and its sockets. Publishing thread only. */
record LiveListener(ListenerSpec spec, OpenListener open, ListenSockets sockets) {}
