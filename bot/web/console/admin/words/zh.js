/* 中文。结构与 en.js 相同。 */

import { settingsZh } from "./settings_zh.js";

export const zh = {
  title: "设置",
  tabs: { agents: "客服", canned: "快捷回复", deliveries: "消息投递", audit: "操作日志", settings: "系统" },
  agents: {
    about: "谁来接待客户，各有什么权限。", add: "添加客服", edit: (name) => `修改 ${name}`, change: "修改",
    name: "姓名", email: "邮箱", role: "角色", languages: "语言", skills: "擅长的主题", skillsHint: "用逗号分隔。相关会话会优先派给他们。",
    capacity: "同时接待数", status: "状态", disabled: "已停用", active: "正常", locked: "近期多次输错密码", factor: "两步验证",
    save: "保存", more: (name) => `${name} 的更多操作`, password: "设置临时密码", totp: "关闭两步验证", sessions: "退出所有设备", disable: "停用账号", enable: "启用账号",
    passwordTitle: "临时密码", passwordAbout: (name) => `${name} 用它登录一次，然后设置自己的密码。只显示这一次。`, copy: "复制", copied: "已复制。",
    disableTitle: (name) => `停用 ${name}？`, disableText: "对方会立即退出，且无法再登录。手上的会话仍归其名下，直到有人接手。",
    resetTitle: (name) => `给 ${name} 换新密码？`, resetText: "现在的密码将失效，所有设备都会退出登录。", totpTitle: (name) => `关闭 ${name} 的两步验证？`, totpText: "重新设置之前，仅凭密码即可登录。",
    done: "已保存。", sessionsEnded: "已退出所有设备。",
  },
  canned: {
    about: "经常要写的话。客服输入 / 和快捷词即可使用。", add: "添加快捷回复", edit: "修改快捷回复", shortcut: "快捷词", title: "标题", english: "英文", chinese: "中文",
    hint: "{name} 是客户姓名，{agent} 是回复的人，{order} 是正在谈的订单。不知道的会自动省略。", none: { title: "还没有快捷回复", text: "把大家最常回复的话写下来吧。" },
    remove: "删除", removeTitle: (title) => `删除“${title}”？`, removeText: "删除后大家都不能再用；已发送的消息不受影响。",
  },
  deliveries: {
    about: "没能送达客户的消息。“不确定”的可能已经送到：重复看到也无妨时，才再发一次。", states: { dead: "未送达", unsure: "不确定" },
    none: { dead: { title: "消息全部送达", text: "" }, unsure: { title: "没有不确定的消息", text: "" } }, columns: { at: "时间", where: "渠道", text: "消息", why: "原因", again: "" },
    again: "重新发送", queued: "正在发送。", open: "打开会话", tries: (count) => `已尝试 ${count} 次`,
  },
  audit: {
    about: "谁在什么时候、从哪里做了什么。任何人都不能修改或删除。", columns: { at: "时间", who: "操作人", what: "操作", target: "对象", address: "来源", details: "详情" },
    person: "操作人", operation: "操作", any: "全部", older: "更早的", none: { title: "暂无记录", text: "" }, unknown: "未知",
    details: {
      why: "有误", sessions: "设备数", role: "角色", languages: "语言", skills: "擅长的主题", capacity: "同时接待数", is_active: "启用", name: "姓名", note: "备注", file: "附件", seq: "消息序号",
      tags: "标签", to_agent: "转给", to_skill: "转给擅长", until: "直到", turn: "轮次", intent: "意图", article_id: "文章", outbox_id: "消息", conversation_id: "会话",
      order_number: "订单", deed: "办理", from: "从", to: "到", visits: "会话数",
    },
    values: { cancel_order: "取消", change_order_address: "修改地址", change_order_payment: "修改付款方式", return_items: "退货", exchange_items: "换货", request_invoice: "开发票", report_problem: "登记问题", password: "密码", code: "验证码", changed: "已修改", true: "是", false: "否" },
    operations: {
      sign_in: "登录", sign_in_refused: "登录没有成功", sign_out: "退出", sign_out_everywhere: "退出所有设备", change_password: "修改密码", second_factor_on: "开启两步验证", second_factor_off: "关闭两步验证", add_agent: "添加客服", change_agent: "修改客服",
      reset_password: "设置临时密码", sign_out_agent: "强制客服退出", add_note: "写备注", remove_note: "删除备注", order: "操作订单", write_canned_reply: "编辑快捷回复", remove_canned_reply: "删除快捷回复", say: "回复客户",
      send_again: "重新发送", tag: "打标签", teach: "教机器人", upload: "上传附件", why: "查看原因", export: "导出了统计表", view_profile: "查看客户资料", open: "打开会话", fetch_file: "下载附件", take: "接待", take_over: "从同事处接手", decline: "没有接", hand_back: "交还机器人", transfer: "转接", snooze: "稍后处理", wake: "现在处理",
      wrap_up: "收尾", resolve: "结束",
    },
  },
  settings: {
    about: "当前生效的设置。要修改请到启动 Kefu 的地方（环境变量或 kefu.env），不能在这里改；全部说明见 docs/settings.md。", search: "查找设置", changed: "只看改动过的",
    columns: { name: "设置", value: "值" }, secret: { set: "已设置（保密）", unset: "未设置" }, unset: "未设置", standard: "默认", described: (name) => settingsZh[name],
  },
};
