package io.yima.wechat;

/** WeChat accepted a code application and gave it this number [M1]. */
public record AppliedCode(long applicationId) {}
