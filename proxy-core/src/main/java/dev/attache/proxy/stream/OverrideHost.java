package dev.attache.proxy.stream;

/**
 * The host that a filter wants for the first attempt of a request. Immutable.
 *
 * @param address as {@code 192.0.2.1:80}
 * @param strict no other host will do
 * @param statusWithout of the answer where it is strict and the host is not there, or not usable
 */
public record OverrideHost(String address, boolean strict, int statusWithout) {}
