package dev.attache.server.admin.web;

import dev.attache.server.admin.http.AdminRequest;

/** The part of a list that {@code offset} and {@code limit} ask for. */
record PageRange(int from, int to) {

    private static final int USUAL = 50;

    /**
     * @param size of the whole list
     * @param most that is given at once
     */
    static PageRange of(AdminRequest request, int size, int most) {
        int from = Math.min(number(request, "offset", 0), size);
        int limit = Math.min(number(request, "limit", USUAL), most);
        return new PageRange(from, Math.min(size, from + limit));
    }

    /** What is no number counts as not given. */
    private static int number(AdminRequest request, String name, int otherwise) {
        String text = request.query().getOrDefault(name, "");
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
    }
}
