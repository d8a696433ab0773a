package io.yima.api;

/** A rule that a field of a request breaks; the field by its JSON name. */
public record FieldError(String field, String message) {}
