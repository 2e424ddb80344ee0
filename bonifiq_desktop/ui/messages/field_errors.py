"""User messages for fields and settings that cannot be used."""

from bonifiq_desktop.ui.messages.codes import FIELD_CODES, OTHER_FIELD, PERSON_FIELD_CODES
from bonifiq_desktop.ui.messages.message import Message, rejection, translate


def message_for_field(field: str) -> Message:
    titles = {
        "document": translate(
            "errors", "Falta um CPF ou CNPJ válido, um e-mail ou um telefone, para saber de quem são os pontos."
        ),
        "name": translate("errors", "Falta o nome do cliente."),
        "order_id": translate("errors", "Este número de pedido não serve."),
        "doubtful_order_id": translate("errors", "O número do pedido parece um CPF, um telefone ou uma chave fiscal."),
        "total": translate("errors", "Falta o valor que o cliente pagou."),
        "products": translate("errors", "Os itens não somam o total."),
        "discount": translate("errors", "O desconto é maior que os itens."),
        "email": translate("errors", "O e-mail não parece certo."),
        "phone": translate("errors", "O telefone não parece certo: use DDD e número."),
        "item": translate("errors", "O item precisa de um nome ou código, de uma quantidade e de um valor."),
        "birthday": translate("errors", "A data de nascimento não serve: use dia/mês/ano."),
        "date": translate("errors", "A data da venda não serve: use dia/mês/ano e hora, e nunca depois de agora."),
        "state_date": translate(
            "errors", "A data da conclusão ou do cancelamento não serve: nem antes da venda, nem depois de agora."
        ),
        "metadata": translate("errors", "A informação extra precisa de um nome e de um conteúdo."),
        "url": translate("errors", "O endereço precisa começar com https://."),
        "url_busy": translate("errors", "O endereço só pode mudar quando não houver nada pendente."),
        "account_busy": translate("errors", "O código da loja só pode mudar quando não houver nada pendente."),
        "url_fixed": translate(
            "errors", "O token e a chave vêm da configuração deste computador, e o endereço deles também."
        ),
        "reward_limit": translate("errors", "O limite dos benefícios não serve."),
        "refund_limit": translate("errors", "O limite das devoluções não serve."),
        "lock_after": translate("errors", "O tempo até perguntar de novo vai de 1 a 120 minutos."),
        "till": translate("errors", "O nome do caixa usa só letras e números, até 12."),
        "keep_personal_days": translate("errors", "Os dados de clientes ficam de 1 a 3650 dias."),
        "update_feed": translate(
            "errors", "O endereço dos avisos começa com https:// e termina com # e a chave de quem os publica."
        ),
        "credentials": translate("errors", "Preencha o token e a chave juntos."),
        "credentials_anew": translate("errors", "Este endereço é outro: digite o token e a chave dele."),
        "not_training": translate("errors", "Este endereço não é de um servidor de treinamento."),
        "training_pair": translate(
            "errors", "Faltam o token e a chave do servidor de treinamento nas variáveis do sistema."
        ),
        "connections.name": translate("errors", "A conexão precisa de um nome que nenhuma outra tenha."),
        "connections.url": translate(
            "errors", "O endereço precisa começar com https:// e, no Mirakl, terminar com .mirakl.net."
        ),
        "connections.shop_id": translate("errors", "O número da loja é só de algarismos; em branco serve."),
        "connections.channel": translate("errors", "O número do canal é só de algarismos; em branco serve."),
        "connections.busy": translate(
            "errors",
            "Há uma devolução em andamento nesta conexão, que só termina no endereço e na loja em que foi feita.",
        ),
        "connections.other_shop": translate(
            "errors", "Esta chave é de outra loja: não encontra os pedidos da devolução em andamento."
        ),
        "printer.name": translate("errors", "Escolha uma impressora deste PC."),
        "printer.host": translate("errors", "Falta o endereço da impressora de rede."),
        "printer.port": translate("errors", "A porta da impressora vai de 1 a 65535; a normal é 9100."),
        "shop_database.keyring": translate(
            "errors", "O cofre de senhas deste computador não guarda a senha do banco da loja."
        ),
        "shop_database.training": translate("errors", "O treinamento não entra no banco da loja."),
        "shop_database.joined": translate("errors", "Este caixa já está no banco da loja."),
        "file": translate("errors", "O arquivo de ajustes não pôde ser lido."),
    }
    title = titles.get(field) or translate("errors", "Um dos campos não pode ser usado.")
    match field:
        case "file" | "not_training" | "training_pair":
            action = translate("errors", "Nada é enviado enquanto isso. Chame o suporte.")
        case "doubtful_order_id":
            action = translate("errors", "Se for mesmo o número do pedido, registre de novo; senão, corrija o campo.")
        case "url_fixed":
            action = translate("errors", "Deixe o endereço como estava, ou chame o suporte.")
        case "shop_database.keyring":
            action = translate("errors", "Deixe guardá-la num arquivo, e entre de novo; ou chame o suporte.")
        case "shop_database.training" | "shop_database.joined":
            action = translate("errors", "Não há nada a fazer aqui.")
        case _:
            action = translate("errors", "Corrija o campo marcado e tente de novo.")
    return rejection(title, action, code=FIELD_CODES.get(field, OTHER_FIELD))


def message_for_person_field(field: str) -> Message:
    titles = {
        "name": translate("errors", "Falta o nome, ou ele é longo demais."),
        "again": translate("errors", "Os dois PINs não são iguais."),
        "role": translate("errors", "A primeira pessoa da lista precisa ser um responsável."),
        "pin": translate("errors", "O PIN precisa de 4 a 8 números, nem todos iguais nem em sequência."),
    }
    known = field if field in titles else "pin"
    action = translate("errors", "Corrija e tente de novo.")
    return Message("danger", titles[known], translate("errors", "Nada mudou."), action, PERSON_FIELD_CODES[known])
