/* The demo shop's page: pick a customer, see their orders, and talk to the widget. A real shop's page would fetch the signed
 * identity token from its own server, exactly as signIn() does here. */

const WORDS = {
  en: {
    skip: "Skip to products", brand: "Kefu demo shop", signedIn: "Signed in as", anonymous: "nobody (visitor)",
    title: "A small shop with a very good assistant",
    lead: "Pick a customer above, or stay a visitor, and open the chat in the corner. Track, cancel, change, return, exchange, ask anything, in English or Chinese.",
    tryTitle: "Things to say", orders: "Latest orders", products: "From the shelves", from: (price) => `from ${price}`, soldOut: "sold out",
    footer: "Demo data, made up by a seed. The other demo customers are in `kefu demo customers`.", language: "中文",
    status: { processed: "packed", shipped: "on its way", "pending (item modified)": "pending, changed" },
  },
  zh: {
    skip: "跳到商品列表", brand: "客服演示小店", signedIn: "当前登录", anonymous: "未登录（访客）",
    title: "小小的店，贴心的客服",
    lead: "在上面选一位顾客，或者就当访客，再点右下角的客服窗口。查物流、取消、改地址、退货、换货，想问什么都行，中英文都可以。",
    tryTitle: "可以这样问", orders: "最近的订单", products: "店里的好东西", from: (price) => `${price} 起`, soldOut: "已售罄",
    footer: "演示数据由随机种子生成。更多演示顾客请运行 `kefu demo customers`。", language: "English",
    status: {
      pending: "待发货", "pending (item modified)": "待发货（已修改）", processed: "已配货", shipped: "运输中", delivered: "已签收",
      cancelled: "已取消", "return requested": "退货中", "exchange requested": "换货中", returned: "已退货", exchanged: "已换货", refunded: "已退款",
    },
  },
};
const TRIES = {
  en: (order) => [`Where is my order${order ? ` ${order}` : ""}?`, "I want to return something", "What is your refund policy?", "Recommend me a gift under $50", "This is the third time it broke. I want to speak to a person!"],
  zh: (order) => [`我的订单${order ? ` ${order} ` : ""}到哪了？`, "我想退货", "退款政策是什么？", "推荐一个200元以内的礼物", "这都坏第三次了，给我转人工！"],
};

let locale = /^zh/i.test(localStorage.getItem("kefu.locale") || navigator.language) ? "zh" : "en";
let customers = [];
let products = [];
const byId = (id) => document.getElementById(id);

function element(tag, text, attributes = {}) {
  const made = Object.assign(document.createElement(tag), attributes);
  if (text != null) made.textContent = text;
  return made;
}

async function fetchJson(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}

function signedIn() {
  return customers.find((customer) => customer.customer_id === byId("customer").value);
}

async function fetchToken() {
  const customer = signedIn();
  if (!customer) return null;
  return (await fetchJson(`/demo/session/${encodeURIComponent(customer.customer_id)}`, { method: "POST" })).token;
}

/* The widget asks for it in time before a token ends. */
async function stayKnown() {
  try {
    window.Kefu?.identify(await fetchToken());
  } catch (error) {
    console.warn("No new token could be fetched.", error);
  }
}

async function signIn() {
  sessionStorage.setItem("demo.customer", byId("customer").value);
  window.Kefu?.identify(await fetchToken());
  show();
}

/* The widget's one line, written once it is known who is signed in: a page that says so at once keeps its conversation.
 * Resolves when it is there, or could not be fetched. */
function addWidget(token) {
  const script = element("script", null, { src: "/widget/widget.js" });
  if (token) script.dataset.token = token;
  document.head.append(script);
  return new Promise((resolve) => (script.onload = script.onerror = resolve));
}

function ask(text) {
  window.Kefu.open().then(() => document.querySelector("kefu-chat").say(text));
}

function show() {
  const words = WORDS[locale];
  document.documentElement.lang = locale === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = words[node.dataset.text];
  byId("language").textContent = words.language;
  byId("customer").options[0].textContent = words.anonymous;
  showOrders(words);
  showProducts(words);
}

function showOrders(words) {
  const orders = signedIn()?.orders || [];
  byId("orders-section").hidden = orders.length === 0;
  byId("orders").replaceChildren(...orders.map((order) => orderItem(order, words)));
  const buttons = TRIES[locale](orders[0]?.order_number).map((text) => {
    const item = element("li");
    item.append(element("button", text, { type: "button", onclick: () => ask(text) }));
    return item;
  });
  byId("tries").replaceChildren(...buttons);
}

function orderItem(order, words) {
  const item = element("li");
  item.append(element("span", words.status[order.status] || order.status, { className: "status" }));
  item.append(element("strong", order.order_number));
  item.append(element("p", order.lines.map((line) => (locale === "zh" ? line.product_zh : line.product)).join(locale === "zh" ? "、" : ", ")));
  return item;
}

function showProducts(words) {
  byId("products").replaceChildren(...products.map((product) => {
    const item = element("li");
    item.append(element("img", null, { src: product.image, alt: "", loading: "lazy" }));
    item.append(element("h3", locale === "zh" ? product.name_zh : product.name_en));
    item.append(element("p", product.price ? words.from(product.price) : words.soldOut));
    return item;
  }));
}

function chooseLanguage(next) {
  locale = next;
  localStorage.setItem("kefu.locale", next);
  window.Kefu?.setLocale(next);
  show();
}

async function fetchCustomers() {
  customers = await fetchJson(`/demo/customers?also=${encodeURIComponent(sessionStorage.getItem("demo.customer") || "")}`);
}

/* While the shop cannot be reached the page keeps what it shows; the next message asks again. */
async function refresh() {
  try {
    await fetchCustomers();
  } catch (error) {
    console.warn("The orders on this page could not be refreshed.", error);
  }
  show();
}

async function start() {
  byId("customer").append(element("option", "", { value: "" }));
  show();
  [, products] = await Promise.all([fetchCustomers(), fetchJson("/demo/products")]);
  for (const customer of customers) byId("customer").append(element("option", `${customer.name} · ${customer.locale}`, { value: customer.customer_id }));
  byId("customer").value = sessionStorage.getItem("demo.customer") || "";
  document.addEventListener("kefu:message", (event) => event.detail.role !== "user" && refresh());
  document.addEventListener("kefu:identify", stayKnown);
  byId("customer").addEventListener("change", signIn);
  byId("language").addEventListener("click", () => chooseLanguage(locale === "zh" ? "en" : "zh"));
  await addWidget(await fetchToken());
  byId("customer").disabled = false; // not earlier: nobody would tell the widget who was picked
  show();
}

start();
